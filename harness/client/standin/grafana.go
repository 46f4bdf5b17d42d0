package standin

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// grafanaSettings are by "section.key".
type grafanaSettings map[string]string

// readGrafanaSettings applies, each over the ones before, the ini file, the environment,
// and arguments such as cfg:paths.data=… Source: grafana/grafana,
// pkg/setting/setting.go, loadConfiguration; Grafana's manual, "Configure Grafana",
// override configuration with environment variables.
func readGrafanaSettings(args, env []string) (grafanaSettings, error) {
	file, over := "", grafanaSettings{}
	err := options(args, func(name, value string) error {
		if key, is := strings.CutPrefix(name, "cfg:"); is {
			over[strings.TrimPrefix(key, "default.")] = value
		} else if name == "config" {
			file = value
		} else if name != "server" && name != "homepath" {
			return fmt.Errorf("the option %s isn't known here", name)
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
	s := grafanaSettings{"server.http_port": "3000", "auth.anonymous.enabled": "false"}
	section := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		key, value, is := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case !is:
			return nil, fmt.Errorf("%s: %q isn't a setting", file, line)
		default:
			s[section+"."+strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	s.fromEnvironment(env)
	for key, value := range over {
		s[key] = value
	}
	return s, nil
}

// fromEnvironment takes GF_SECTION_KEY, of the settings that are used here.
func (s grafanaSettings) fromEnvironment(env []string) {
	names := map[string]string{}
	for _, key := range []string{
		"server.http_addr", "server.http_port", "auth.anonymous.enabled", "paths.data", "paths.logs", "paths.plugins", "paths.provisioning",
	} {
		names["GF_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		if key, known := names[name]; known && value != "" {
			s[key] = value
		}
	}
}

func grafanaHandler(version string, args []string) (addr string, h http.Handler, err error) {
	s, err := readGrafanaSettings(args, os.Environ())
	if err != nil {
		return "", nil, err
	}
	for _, name := range []string{"data", "logs", "plugins"} {
		if err := os.MkdirAll(s["paths."+name], 0o755); err != nil {
			return "", nil, fmt.Errorf("paths.%s: %w", name, err)
		}
	}
	store := NewGrafana(version + " (stand-in)")
	store.anonymous = s["auth.anonymous.enabled"] == "true"
	if err := store.provision(s["paths.provisioning"]); err != nil {
		return "", nil, err
	}
	fmt.Fprintf(os.Stderr, "stand-in: provisioned %d data sources and %d dashboards from %s\n", len(store.Sources), len(store.Dashboards), s["paths.provisioning"])
	return net.JoinHostPort(s["server.http_addr"], s["server.http_port"]), store.Handler(), nil
}

// provision reads data sources, and dashboards by their providers, with environment
// variables filled in. Source: Grafana's manual, "Provision Grafana".
func (g *Grafana) provision(folder string) error {
	err := eachYAML(filepath.Join(folder, "datasources"), func(text []byte) error {
		var file struct{ Datasources []object }
		if err := yaml.Unmarshal([]byte(os.ExpandEnv(string(text))), &file); err != nil {
			return err
		}
		for _, source := range file.Datasources {
			source["readOnly"] = true
			g.addSource(source)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachYAML(filepath.Join(folder, "dashboards"), func(text []byte) error {
		var file struct {
			Providers []struct{ Options struct{ Path string } }
		}
		if err := yaml.Unmarshal([]byte(os.ExpandEnv(string(text))), &file); err != nil {
			return err
		}
		for _, p := range file.Providers {
			if err := g.addDashboards(p.Options.Path); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachYAML(folder string, read func(text []byte) error) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.y*ml"))
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			err = read(text)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
