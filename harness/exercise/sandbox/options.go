package sandbox

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
)

// job is what the process inside gets.
type job struct {
	Dir, Script, File string
	Env, Show         []string
	Listen            []netip.AddrPort
	Limits            Limits
	Drop              bool // the process inside is root, the script must not be
}

const basePath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

// job checks the options.
func (o Options) job() (job, error) {
	j := job{Script: o.Script, File: o.File, Limits: o.Limits.orDefaults(), Drop: os.Geteuid() == 0}
	if (o.Script == "") == (o.File == "") {
		return j, fmt.Errorf("sandbox: give either a script's text or its file")
	}
	if o.File != "" && !filepath.IsLocal(o.File) {
		return j, fmt.Errorf("sandbox: the script %q isn't in its folder", o.File)
	}
	var err error
	if j.Dir, err = folder(o.Dir); err != nil {
		return j, err
	}
	if j.Show, err = shown(o.Show); err != nil {
		return j, err
	}
	if j.Env, err = environment(o.Env); err != nil {
		return j, err
	}
	j.Listen, err = addresses(o.Reach)
	return j, err
}

func folder(dir string) (string, error) {
	resolved, err := filepath.EvalSymlinks(dir)
	if err == nil {
		resolved, err = filepath.Abs(resolved)
	}
	if err != nil {
		return "", fmt.Errorf("sandbox: the script's folder: %w", err)
	}
	if info, err := os.Stat(resolved); err != nil || !info.IsDir() {
		return "", fmt.Errorf("sandbox: the script's folder %s isn't a folder", dir)
	}
	return resolved, nil
}

func shown(paths []string) ([]string, error) {
	for _, path := range paths {
		if !filepath.IsAbs(path) || filepath.Clean(path) != path || path == "/" {
			return nil, fmt.Errorf("sandbox: can't show %q: want a clean absolute path", path)
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("sandbox: can't show a path that doesn't exist: %w", err)
		}
	}
	return paths, nil
}

// environment returns the script's environment. The last value of a name counts.
func environment(more []string) ([]string, error) {
	env := []string{"PATH=" + basePath, "HOME=" + Home, "LANG=C.UTF-8"}
	for _, entry := range more {
		name, _, ok := strings.Cut(entry, "=")
		if !ok || name == "" || strings.ContainsRune(entry, 0) {
			return nil, fmt.Errorf("sandbox: %q isn't NAME=value", entry)
		}
		for i, old := range env {
			if strings.HasPrefix(old, name+"=") {
				env = append(env[:i], env[i+1:]...)
				break
			}
		}
		env = append(env, entry)
	}
	return env, nil
}

// addresses parses what the script can connect to. Inside, only loopback addresses
// can be listened on.
func addresses(reach []string) ([]netip.AddrPort, error) {
	var found []netip.AddrPort
	seen := map[netip.AddrPort]bool{}
	for _, text := range reach {
		host, port, _ := strings.Cut(text, ":")
		if host == "localhost" {
			text = "127.0.0.1:" + port
		}
		addr, err := netip.ParseAddrPort(text)
		if err != nil || !addr.Addr().IsLoopback() || addr.Port() == 0 {
			return nil, fmt.Errorf("sandbox: a script can't reach %q: want host:port on loopback, such as 127.0.0.1:9092", text)
		}
		if !seen[addr] {
			seen[addr] = true
			found = append(found, addr)
		}
	}
	if len(found) > mostAddresses {
		return nil, fmt.Errorf("sandbox: a script can't reach %d addresses, %d at most", len(found), mostAddresses)
	}
	return found, nil
}

// mostAddresses is well below the 253 descriptors that one message can carry on
// Linux (SCM_MAX_FD).
const mostAddresses = 100
