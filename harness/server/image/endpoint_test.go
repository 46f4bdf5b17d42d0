package image

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// homeWith returns a home folder with these files, by path.
func homeWith(t *testing.T, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for path, text := range files {
		write(t, filepath.Join(home, path), text)
	}
	return home
}

func contextFile(name string) string {
	return fmt.Sprintf(".docker/contexts/meta/%x/meta.json", sha256.Sum256([]byte(name)))
}

func TestChosenEndpoint(t *testing.T) {
	const desktop = `{"Name":"desktop-linux","Metadata":{},"Endpoints":{"docker":{"Host":"unix:///d.sock","SkipTLSVerify":false}}}`
	files := map[string]string{
		".testcontainers.properties": "# comment\ntc.host=tcp\\://127.0.0.1:2375\n",
		".docker/config.json":        `{"auths":{},"currentContext":"desktop-linux"}`,
		contextFile("desktop-linux"): desktop,
		contextFile("colima"):        `{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///c.sock"}}}`,
	}
	without := func(path string) map[string]string {
		rest := map[string]string{}
		for p, text := range files {
			if p != path {
				rest[p] = text
			}
		}
		return rest
	}
	const properties = ".testcontainers.properties"
	cases := []struct {
		files     map[string]string
		env       map[string]string
		want, err string
	}{
		{files, map[string]string{"DOCKER_HOST": "unix:///h.sock"}, "tcp://127.0.0.1:2375 (tc.host in ~/.testcontainers.properties)", ""},
		{without(properties), map[string]string{"DOCKER_HOST": "unix:///h.sock", "DOCKER_CONTEXT": "colima"}, "unix:///h.sock (DOCKER_HOST)", ""},
		{without(properties), nil, `unix:///d.sock (docker's context "desktop-linux")`, ""},
		{without(properties), map[string]string{"DOCKER_CONTEXT": "colima"}, `unix:///c.sock (docker's context "colima")`, ""},
		{without(properties), map[string]string{"DOCKER_CONTEXT": "gone"}, "", `read docker's context "gone", chosen by DOCKER_CONTEXT`},
		{map[string]string{".docker/config.json": "{"}, nil, "", "config.json: unexpected end"},
		{map[string]string{properties: "docker.host = unix:///p.sock"}, map[string]string{"DOCKER_CONTEXT": "default"}, "unix:///p.sock (docker.host in ~/.testcontainers.properties)", ""},
	}
	for _, c := range cases {
		found, chosen, err := endpoints(homeWith(t, c.files), func(name string) string { return c.env[name] })
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v: %v, want %q", c.env, err, c.err)
			}
		case err != nil || !chosen || len(found) != 1 || found[0].String() != c.want:
			t.Errorf("%v: %v, %v, %v; want %q", c.env, found, chosen, err, c.want)
		}
	}
}

// engineAt has an engine that only answers pings at a socket.
func engineAt(t *testing.T, socket string, answer http.HandlerFunc) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(socket), 0o755); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(answer)
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
}

func pong(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.41") }

// shortHome returns a home whose sockets' paths are short enough for the system.
func shortHome(t *testing.T) string {
	t.Helper()
	home, err := os.MkdirTemp("", "h")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	return home
}

// TestUsualSockets: each engine is found where it listens, if none is chosen. Where the
// machine has an engine at a system's socket, that one comes first.
func TestUsualSockets(t *testing.T) {
	for _, socket := range []string{"run/docker.sock", ".docker/run/docker.sock", ".docker/desktop/docker.sock", ".colima/default/docker.sock", "run/podman/podman.sock"} {
		home := shortHome(t)
		engineAt(t, filepath.Join(home, socket), pong)
		env := func(name string) string {
			if name == "XDG_RUNTIME_DIR" {
				return filepath.Join(home, "run")
			}
			return ""
		}
		found, chosen, err := endpoints(home, env)
		if err != nil || chosen || !strings.Contains(fmt.Sprint(found), "unix://"+filepath.Join(home, socket)) {
			t.Errorf("%s: %v, %v, %v", socket, found, chosen, err)
		}
		engine, err := newEngine(t.Context(), home, env)
		if err != nil {
			t.Errorf("%s: %v", socket, err)
			continue
		}
		engine.Close()
	}
}

// TestRemoteEnginesAreRefused at once, with the reason.
func TestRemoteEnginesAreRefused(t *testing.T) {
	for host, want := range map[string]string{
		"tcp://192.0.2.1:2375": "another machine", "ssh://me@192.0.2.1": "another machine", "tcp://[::1]:1": "connect", "tcp://localhost:1": "connect",
	} {
		began := time.Now()
		_, err := newEngine(t.Context(), t.TempDir(), func(name string) string { return map[string]string{"DOCKER_HOST": host}[name] })
		var none *EngineError
		if !errors.As(err, &none) || none.None || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "DOCKER_HOST") || !strings.Contains(none.Hint(), "docker context use") {
			t.Errorf("%s: %v, want %q", host, err, want)
		}
		if took := time.Since(began); want == "another machine" && took > time.Second {
			t.Errorf("%s: refused after %v", host, took)
		}
	}
}

// TestSilentEngine: one that takes a connection and says nothing is given up.
func TestSilentEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because of -short: it waits for the limit")
	}
	home := shortHome(t)
	socket := filepath.Join(home, "s")
	engineAt(t, socket, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	began := time.Now()
	_, err := newEngine(t.Context(), home, func(name string) string { return map[string]string{"DOCKER_HOST": "unix://" + socket}[name] })
	if err == nil || !strings.Contains(err.Error(), "didn't answer within 5s") || time.Since(began) > engineLimit+time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

func TestNoSocket(t *testing.T) {
	if _, err := os.Stat("/var/run/docker.sock"); err == nil {
		t.Skip("skipped because this machine has an engine's socket")
	}
	_, err := newEngine(t.Context(), t.TempDir(), func(string) string { return "" })
	var none *EngineError
	if !errors.As(err, &none) || !none.None {
		t.Errorf("error = %v, want one that says that there is none", err)
	}
}
