package component

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"time"

	"hoplab.example/grafana"
)

// Grafana shows what Elasticsearch holds. hoplab has it as an image only. It finds
// what is in the folder grafana/provisioning.
func Grafana() Component {
	return Component{
		Name:      "grafana",
		Hop:       "grafana",
		Attach:    []string{"http"},
		Program:   Program{ImageOnly: true},
		Ports:     []Port{{Name: "http", Number: 3000}},
		Page:      Page{"grafana", "http", "/"},
		Peers:     []string{"elasticsearch"},
		MemoryMiB: 384,
		BootLimit: 2 * time.Minute,
		Process:   grafanaProcess,
		Ready:     grafanaReady,
	}
}

// grafanaHome is where the image has Grafana's own files. Source: "Configure a
// Grafana Docker image", default paths (GF_PATHS_HOME).
const grafanaHome = "/usr/share/grafana"

// grafanaProcess gives everybody who reaches the loopback port the admin's
// rights: it is one student's own. Source: "Configure Grafana" of its manual,
// sections paths, server, auth.anonymous, analytics and plugins.
func grafanaProcess(s Site) Process {
	host, port := split(s.Bind("http"))
	conf := fmt.Sprintf(`[server]
http_addr = %s
http_port = %s

[auth.anonymous]
enabled = true
org_role = Admin

[analytics]
# A lab's machine reports nothing about its use.
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false

[plugins]
# These would be fetched at each start, and so would a key for checking plug-ins.
preinstall_disabled = true
public_key_retrieval_disabled = true

[log]
mode = console
`, host, port)
	return Process{
		Files: append([]File{{Path: "grafana.ini", Text: conf}}, grafanaProvisioning()...),
		Env: []string{
			// The image sets these, and Grafana reads them after the ini file (grafana/grafana,
			// Dockerfile and pkg/setting/setting.go).
			"GF_PATHS_DATA=" + path.Join(s.Dir, "data"),
			"GF_PATHS_LOGS=" + path.Join(s.Dir, "logs"),
			"GF_PATHS_PLUGINS=" + path.Join(s.Dir, "plugins"),
			"GF_PATHS_PROVISIONING=" + path.Join(s.Dir, "provisioning"),
			// The files take the data source's address and the dashboards' folder from
			// here.
			"ELASTICSEARCH_HTTP=" + s.Peer("elasticsearch", "http"),
			"HOPLAB_DASHBOARDS=" + path.Join(s.Dir, "provisioning/dashboards"),
		},
		Command: []string{s.Executable, "server", "--homepath", grafanaHome, "--config", path.Join(s.Dir, "grafana.ini")},
	}
}

// grafanaProvisioning are the files of grafana/provisioning.
func grafanaProvisioning() []File {
	var files []File
	err := fs.WalkDir(grafana.Provisioning, "provisioning", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(grafana.Provisioning, path)
		files = append(files, File{Path: path, Text: string(text)})
		return err
	})
	if err != nil {
		panic("component: Grafana's files, which are part of this program: " + err.Error())
	}
	return files
}

// grafanaReady requires the database "ok" in Grafana's health API. Source: "Other
// HTTP API", GET /api/health.
func grafanaReady(ctx context.Context, at Addresses) error {
	var health struct{ Database string }
	if err := askJSON(ctx, at, "grafana", "http", "/api/health", &health); err != nil {
		return err
	}
	if health.Database != "ok" {
		return fmt.Errorf("its database is %q, not ok", health.Database)
	}
	return nil
}
