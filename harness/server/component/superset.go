package component

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"hoplab.example/harness/server/access/dial"
)

// Superset shows what a SQL engine holds, here Spark. It is optional: a set of Python
// packages, which runs as a process only. It always asks for a login.
func Superset() Component {
	return Component{
		Name:      "superset",
		Attach:    []string{"http"},
		Ports:     []Port{{Name: "http", Number: 8088}},
		Page:      Page{"superset", "http", "/superset/dashboard/hoplab/"},
		Peers:     []string{"spark"},
		MemoryMiB: 400,
		BootLimit: 10 * time.Minute, // the first boot makes the tables of its own database
		Process:   supersetProcess,
		Ready: func(ctx context.Context, at Addresses) error {
			// It answers "OK", which isn't JSON.
			return dial.Server{Component: "superset", Addr: at.Addr("superset", "http"), Login: loginOf(at, "superset")}.Ask(ctx, http.MethodGet, "/health", nil, nil)
		},
	}
}

//go:embed superset_start.py
var supersetStart string

// supersetConfig is a file of Python, as Superset reads it. Sources: superset/config.py
// of github.com/apache/superset, 6.1.0; without an interval it looks every five seconds
// whether Hive has an answer (db_engine_specs/hive.py, handle_cursor).
//
// Its pages have a picture from another host, which counts its users; the front end of the
// package is built with it (src/components/TelemetryPixel), so the browser is told to load
// none from elsewhere.
const supersetConfig = `import os

from superset.config import TALISMAN_CONFIG

TALISMAN_CONFIG["content_security_policy"]["img-src"] = ["'self'", "blob:", "data:"]
SECRET_KEY = "%x"
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.environ["HOPLAB_SUPERSET_DATABASE"]
DB_POLL_INTERVAL_SECONDS = {"hive": 0.1}
HOPLAB_LOGIN = (%q, %q)
`

func supersetProcess(s Site) Process {
	login := s.Secrets["superset"]
	password := login.Password.Reveal()
	return Process{
		Files: []File{
			{Path: "superset_config.py", Text: fmt.Sprintf(supersetConfig, sha256.Sum256([]byte("hoplab superset "+password)), login.User, password), Private: true},
			{Path: "superset_start.py", Text: supersetStart},
		},
		Command: []string{filepath.Join(s.Artefacts[0], "bin", "python"), filepath.Join(s.Dir, "superset_start.py"), s.Bind("http")},
		Env: []string{
			"PYTHONPATH=" + s.Dir, "PYTHONNOUSERSITE=1",
			"SUPERSET_CONFIG_PATH=" + filepath.Join(s.Dir, "superset_config.py"), "SUPERSET_HOME=" + s.Dir,
		},
	}
}
