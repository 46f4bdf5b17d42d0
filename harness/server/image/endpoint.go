package image

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/magiconair/properties"
	"github.com/moby/moby/client"
)

// endpoint is an address at which an engine may answer, and what names it.
type endpoint struct{ host, from string }

func (e endpoint) String() string {
	if e.from == "" {
		return e.host
	}
	return fmt.Sprintf("%s (%s)", e.host, e.from)
}

// endpoints returns where an engine may be. Where the user has chosen one, it is the
// only one, and chosen is true: testcontainers' tc.host comes first, as in that
// library, then DOCKER_HOST, then docker's context. Otherwise they are the sockets
// that exist.
func endpoints(home string, env func(string) string) (found []endpoint, chosen bool, err error) {
	settings, err := testcontainersSettings(home)
	if err != nil {
		return nil, false, err
	}
	if host := settings.GetString("tc.host", ""); host != "" {
		return []endpoint{{host, "tc.host in " + testcontainersFile}}, true, nil
	}
	if host := env(client.EnvOverrideHost); host != "" {
		return []endpoint{{host, client.EnvOverrideHost}}, true, nil
	}
	if at, err := contextEndpoint(home, env); err != nil || at.host != "" {
		return []endpoint{at}, true, err
	}
	if host := settings.GetString("docker.host", ""); host != "" {
		return []endpoint{{host, "docker.host in " + testcontainersFile}}, true, nil
	}
	if runtime.GOOS == "windows" {
		return []endpoint{{client.DefaultDockerHost, ""}}, false, nil
	}
	for _, socket := range sockets(home, env) {
		if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
			found = append(found, endpoint{host: "unix://" + socket})
		}
	}
	return found, false, nil
}

const testcontainersFile = "~/.testcontainers.properties"

// testcontainersSettings reads the library's file of properties
// (golang.testcontainers.org/features/configuration).
func testcontainersSettings(home string) (*properties.Properties, error) {
	loader := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
	settings, err := loader.LoadFile(filepath.Join(home, filepath.Base(testcontainersFile)))
	if errors.Is(err, os.ErrNotExist) {
		return properties.NewProperties(), nil
	}
	return settings, err
}

// sockets are where engines listen: Docker as root, rootless Docker, Docker Desktop,
// colima, Podman for its user, on macOS, and as root. Sources: testcontainers-go,
// internal/core/docker_rootless.go; colima's FAQ; podman-system-service(1).
func sockets(home string, env func(string) string) []string {
	own := env("XDG_RUNTIME_DIR")
	if own == "" {
		own = fmt.Sprintf("/run/user/%d", os.Getuid())
	}
	colima := env("COLIMA_HOME")
	if colima == "" {
		colima = filepath.Join(home, ".colima")
	}
	return []string{
		"/var/run/docker.sock",
		filepath.Join(own, "docker.sock"),
		filepath.Join(home, ".docker/run/docker.sock"),
		filepath.Join(home, ".docker/desktop/docker.sock"),
		filepath.Join(colima, "default/docker.sock"),
		filepath.Join(home, ".config/colima/default/docker.sock"),
		filepath.Join(own, "podman/podman.sock"),
		filepath.Join(home, ".local/share/containers/podman/machine/podman.sock"),
		"/run/podman/podman.sock",
	}
}

// contextEndpoint returns the address of docker's current context, or nothing where
// that is the default one. Source: docker/cli, cli/context/store: a context's file is
// in a folder named after the SHA-256 of its name.
func contextEndpoint(home string, env func(string) string) (endpoint, error) {
	dir := env("DOCKER_CONFIG")
	if dir == "" {
		dir = filepath.Join(home, ".docker")
	}
	name, from := env("DOCKER_CONTEXT"), "DOCKER_CONTEXT"
	if name == "" {
		var config struct{ CurrentContext string }
		path := filepath.Join(dir, "config.json")
		if err := readJSON(path, &config); err != nil && !errors.Is(err, os.ErrNotExist) {
			return endpoint{}, fmt.Errorf("read docker's %s: %w", path, err)
		}
		name, from = config.CurrentContext, "docker context use"
	}
	if name == "" || name == "default" {
		return endpoint{}, nil
	}
	var context struct {
		Endpoints map[string]struct{ Host string }
	}
	path := filepath.Join(dir, "contexts/meta", fmt.Sprintf("%x", sha256.Sum256([]byte(name))), "meta.json")
	if err := readJSON(path, &context); err != nil {
		return endpoint{}, fmt.Errorf("read docker's context %q, chosen by %s: %w", name, from, err)
	}
	return endpoint{context.Endpoints["docker"].Host, fmt.Sprintf("docker's context %q", name)}, nil
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// remote reports why hoplab can't use an engine at this address: it publishes the
// servers' ports on the loopback of its own machine.
func (e endpoint) remote() error {
	at, err := url.Parse(e.host)
	if err != nil {
		return err
	}
	switch at.Scheme {
	case "unix", "npipe":
		return nil
	case "tcp", "http", "https":
		if ip := net.ParseIP(at.Hostname()); at.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
	}
	return errors.New("it is on another machine, and would publish the servers' ports on that machine's loopback, which this one can't reach")
}
