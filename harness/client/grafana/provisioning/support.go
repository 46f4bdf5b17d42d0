package provisioning

import (
	"fmt"

	"hoplab.example/harness/server/esversion"
)

// Support says what there is to know about Grafana over this version of
// Elasticsearch, or "" where its manual names the version. Grafana doesn't refuse
// any: 12.2 finds 7.6.0 healthy and shows the right numbers, and only its query
// editor warns about versions before 7.16. Sources: an answer of Grafana 12.2.0
// over 7.6.0, and Grafana's manual, "Elasticsearch data source", supported
// versions (7.17, 8 and 9), and "Troubleshoot", unsupported Elasticsearch version.
func Support(v esversion.Release) string {
	switch {
	case v.Compare(esversion.Release{Major: 7, Minor: 16}) < 0:
		return fmt.Sprintf("Grafana doesn't support Elasticsearch %v: it works, and the query editor warns that versions before 7.16 may give incorrect results", v)
	case v.Compare(esversion.Release{Major: 7, Minor: 17}) < 0 || v.Major > 9:
		return fmt.Sprintf("Grafana's manual names Elasticsearch 7.17, 8 and 9, not %v", v)
	}
	return ""
}
