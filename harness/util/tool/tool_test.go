package tool

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Find("mvn")
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("Find(mvn) on an empty PATH: %v, want a *MissingError", err)
	}
	for _, want := range []string{"mvn", "not found", "needed to fetch"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	for _, want := range []string{"apt-get install maven", "dnf install maven", "brew install maven"} {
		if !strings.Contains(missing.Hint(), want) {
			t.Errorf("hint %q lacks %q", missing.Hint(), want)
		}
	}
}

func TestEachToolSaysHowToInstall(t *testing.T) {
	for _, tool := range All {
		for _, system := range []string{"debian", "fedora", "macos"} {
			if tool.Install[system] == "" {
				t.Errorf("%s has no install command for %s", tool.Name, system)
			}
		}
	}
}

func TestJavaHome(t *testing.T) {
	cases := []struct {
		name, script, want string
	}{
		{"too old", "echo '    java.home = /opt/eleven'; echo '    java.specification.version = 11'", "older than 17"},
		{"ancient", "echo '    java.home = /opt/eight'; echo '    java.specification.version = 1.8'", "older than 17"},
		{"mute", "true", "does not tell"},
		{"broken", "exit 3", "does not run"},
		{"good", "echo '    java.home = /opt/seventeen'; echo '    java.specification.version = 17'", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("JAVA_HOME", fakeJava(t, c.script))
			home, err := JavaHome(t.Context())
			if c.want == "" {
				if err != nil || home != "/opt/seventeen" {
					t.Fatalf("JavaHome() = %q, %v", home, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("JavaHome() = %q, %v; want an error with %q", home, err, c.want)
			}
		})
	}
}

func fakeJava(t *testing.T, script string) string {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "bin", "java")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return home
}
