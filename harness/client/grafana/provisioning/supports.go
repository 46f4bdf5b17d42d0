package provisioning

import (
	"fmt"
	"strconv"
	"strings"
)

// UnsupportedError says that Grafana is too new for an Elasticsearch.
type UnsupportedError struct{ Version string }

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("Elasticsearch %s is too old for Grafana, which says: Support for Elasticsearch versions after their end-of-life (currently versions < 7.16) was removed", e.Version)
}

// Hint says what to do about it.
func (e *UnsupportedError) Hint() string {
	return "take Elasticsearch 7.17, 8 or 9, such as the stacks classic and current have"
}

// Supports says whether Grafana 11 and 12 read an Elasticsearch: nil if so, an
// *UnsupportedError for one older than 7.16, from which on its query editor works;
// its manual names 7.17, 8 and 9. Its health check doesn't look at the version.
// Sources: Grafana's manual, "Elasticsearch data source", supported versions, and
// "Troubleshoot", unsupported Elasticsearch version.
func Supports(version string) error {
	parts := strings.SplitN(version, ".", 3)
	major, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) < 2 {
		return fmt.Errorf("%q is no version of Elasticsearch's, want such as 7.17.29", version)
	}
	minor, err := strconv.Atoi(parts[1])
	if err != nil {
		return fmt.Errorf("%q is no version of Elasticsearch's, want such as 7.17.29", version)
	}
	if major < 7 || major == 7 && minor < 16 {
		return &UnsupportedError{version}
	}
	return nil
}
