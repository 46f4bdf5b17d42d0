package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExitCodeAndOutput(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	os.MkdirAll(filepath.Join(dir, "sub"), 0o755)
	os.WriteFile(filepath.Join(dir, "sub", "x.sh"), []byte("echo from $0; kill -9 $$"), 0o644)
	for _, c := range []struct {
		o      Options
		exit   int
		output string
	}{
		{Options{Script: "echo one; echo two >&2; echo three; exit 3"}, 3, "one\ntwo\nthree\n"},
		{Options{File: "sub/x.sh", Dir: dir}, 137, "from /hoplab-student/sub/x.sh\n"},
		{Options{Script: "no-such-program 2>/dev/null"}, 127, ""},
		{Options{Script: "read line || echo no input"}, 0, "no input\n"},
		{Options{Script: "kill -9 1; kill -TERM 1; kill -SEGV 1; echo still here"}, 0, ""},
	} {
		result := sh(t, c.o)
		if result.Exit != c.exit || result.Limit != "" || c.output != "" && string(result.Output) != c.output {
			t.Errorf("%s%s: got %+v, %q", c.o.Script, c.o.File, result, result.Output)
		}
	}
}

func TestTheEnvironmentIsOnlyWhatWasGiven(t *testing.T) {
	needSandbox(t)
	t.Setenv("HOPLAB_TEST_TOKEN", "secret")
	result := sh(t, Options{Script: "env; tr '\\0' '\\n' < /proc/1/environ", Env: []string{"TOPIC=smart", "LANG=eu_ES.UTF-8", "LANG=C"}})
	var names []string
	for line := range strings.Lines(string(result.Output)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		names = append(names, name)
		if !strings.Contains(" PATH HOME LANG TOPIC PWD OLDPWD SHLVL _ ", " "+name+" ") && !strings.Contains(line, "denied") && !strings.Contains(line, "cannot open") {
			t.Errorf("the script has %s", line)
		}
	}
	if text := string(result.Output); !strings.Contains(text, "TOPIC=smart\n") || !strings.Contains(text, "LANG=C\n") || !strings.Contains(text, "HOME=/hoplab-student\n") {
		t.Errorf("got %v\n%s", names, text)
	}
}

func TestTheUsersFilesAreUnseen(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	home, err := os.UserHomeDir()
	if err != nil {
		home = "/root"
	}
	if err := os.WriteFile(secret, []byte("topsecret"), 0o644); err != nil {
		t.Fatal(err)
	}
	own, _ := os.Getwd()
	for _, path := range []string{secret, home, own, "/root", "/home", "/old", "/etc/shadow", "/etc/resolv.conf", "/var/run/docker.sock", "/sys"} {
		result := sh(t, Options{Dir: dir, Script: fmt.Sprintf("ls -d '%s' && cat '%s'", path, path)})
		if result.Exit == 0 || strings.Contains(string(result.Output), "topsecret") || !strings.Contains(string(result.Output), "No such file") {
			t.Errorf("the script sees %s: %s", path, result.Output)
		}
	}
	// Nor by way of the first process, whose root was the machine's.
	result := sh(t, Options{Dir: dir, Script: "ls /proc/1/root/ /proc/1/cwd/ /proc/1/fd/; ls /proc | grep -c '^[0-9]'"})
	if text := string(result.Output); strings.Contains(text, "home") || strings.Count(text, "denied") != 3 {
		t.Errorf("got %s", text)
	}
}

func TestALinkOutOfTheFolderLeadsNowhere(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	os.WriteFile(secret, []byte("topsecret"), 0o644)
	os.Symlink(secret, filepath.Join(dir, "link"))
	if result := sh(t, Options{Dir: dir, Script: "cat link"}); result.Exit == 0 {
		t.Errorf("got %s", result.Output)
	}
}

func TestWritingIsForItsFolderAndTmp(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	shown := filepath.Join(filepath.Dir(dir), "shown")
	os.WriteFile(shown, []byte("to read"), 0o666)
	os.Chmod(shown, 0o666)
	for path, can := range map[string]bool{
		"/hoplab-student/new": true, "/tmp/new": true, "/dev/null": true, shown: false,
		"/new": false, "/usr/new": false, "/etc/passwd": false, "/etc/new": false, "/run/script": false, "/dev/new": false,
		"/proc/sys/kernel/hostname": false, "/proc/sys/user/max_user_namespaces": false, "/proc/1/oom_score_adj": false,
	} {
		result := sh(t, Options{Dir: dir, Show: []string{shown}, Script: fmt.Sprintf("echo text > '%s'", path)})
		if (result.Exit == 0) != can {
			t.Errorf("write to %s: want %v, got %d: %s", path, can, result.Exit, result.Output)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "new")); err != nil || string(text) != "text\n" {
		t.Errorf("what the script wrote is %q, %v", text, err)
	}
	if _, err := os.Stat("/tmp/new"); err == nil {
		t.Error("the script wrote to the machine's /tmp")
	}
	if result := sh(t, Options{Dir: dir, Show: []string{shown}, Script: "cat " + shown}); string(result.Output) != "to read" {
		t.Errorf("what is shown is read as %q", result.Output)
	}
}

func TestTheScriptHasNoRights(t *testing.T) {
	needSandbox(t)
	result := sh(t, Options{Script: "grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/self/status; id -u; hostname"})
	want := "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n1000\nsandbox\n"
	if string(result.Output) != want {
		t.Errorf("got\n%s", result.Output)
	}
	for _, command := range []string{"unshare -U true", "mount -t tmpfs x /tmp", "umount /hoplab-student", "umount /etc/passwd", "chroot /tmp true", "su -c true", "ip link set lo down", "ulimit -u 100000"} {
		if result := sh(t, Options{Script: command}); result.Exit == 0 {
			t.Errorf("%s: it could", command)
		}
	}
}
