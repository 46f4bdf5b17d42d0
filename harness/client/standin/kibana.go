package standin

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/server/access"
)

// kibanaKnown are the settings that are known here: as Kibana does, the stand-in refuses
// to start over another.
var kibanaKnown = map[string]string{
	"server.name": "", "server.host": "localhost", "server.port": "5601", "elasticsearch.hosts": "http://localhost:9200",
	"elasticsearch.username": "", "elasticsearch.password": "", "path.data": "data", "telemetry.optIn": "", "status.allowAnonymous": "",
}

var placeholder = regexp.MustCompile(`\$\{(\w+)\}`)

// readKibanaSettings applies, each over the ones before, the file that --config names,
// with environment variables in place of ${NAME}, and arguments such as
// --server.port=5601. bin/kibana takes nothing else from the environment: the image's
// own start script makes arguments of it, and hoplab doesn't run that. Source: Kibana's
// guide, "Configure Kibana" and "Install Kibana with Docker"; elastic/dockerfiles@28b876f
// kibana/bin/kibana-docker.
func readKibanaSettings(args []string) (map[string]string, error) {
	s, over, file := map[string]string{}, map[string]string{}, ""
	err := options(args, func(name, value string) error {
		if name == "config" {
			file = value
		} else {
			over[name] = value
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	filled := placeholder.ReplaceAllStringFunc(string(text), func(name string) string { return os.Getenv(strings.Trim(name, "${}")) })
	var found map[string]any
	if err := yaml.Unmarshal([]byte(filled), &found); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for key, value := range kibanaKnown {
		s[key] = value
	}
	set := func(key, value string) error {
		if _, known := kibanaKnown[key]; !known {
			return fmt.Errorf("unknown configuration key(s): %q", key)
		}
		s[key] = value
		return nil
	}
	for key, value := range found {
		if list, is := value.([]any); is && len(list) > 0 {
			value = list[0]
		}
		if err := set(key, fmt.Sprint(value)); err != nil {
			return nil, err
		}
	}
	for key, value := range over {
		if err := set(key, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func kibanaHandler(version string, args []string) (addr string, h http.Handler, err error) {
	if os.Getuid() == 0 {
		return "", nil, errors.New("it runs as root, which Kibana refuses")
	}
	s, err := readKibanaSettings(args)
	if err != nil {
		return "", nil, err
	}
	// Kibana keeps its id there, and ends where it can't (elastic/kibana, resolve_uuid.ts).
	if err := os.WriteFile(filepath.Join(s["path.data"], "uuid"), []byte("stand-in\n"), 0o644); err != nil {
		return "", nil, err
	}
	at, err := url.Parse(s["elasticsearch.hosts"])
	if err != nil {
		return "", nil, err
	}
	k := &kibana{version: version, elasticsearch: at.Host, objects: map[string]savedObject{}}
	if s["elasticsearch.username"] != "" {
		k.login = access.Login{User: s["elasticsearch.username"], Password: access.Hide(s["elasticsearch.password"])}
	}
	return net.JoinHostPort(s["server.host"], s["server.port"]), k.handler(), nil
}
