package jdk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const printing = "echo '    java.home = /opt/other'; echo '    java.specification.version = "

// fake makes a Java whose bin/java is a script. Its version is in its release file,
// unless that is empty.
func fake(t *testing.T, release, script string) string {
	t.Helper()
	home := t.TempDir()
	write(t, filepath.Join(home, "bin", "java"), "#!/bin/sh\n"+script+"\n")
	if release != "" {
		write(t, filepath.Join(home, "release"), "IMPLEMENTOR=\"hoplab\"\nJAVA_VERSION=\""+release+"\"\n")
	}
	return home
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestOneJava was TestJavaHome when JAVA_HOME's was the only one asked.
func TestOneJava(t *testing.T) {
	versions := Versions{Oldest: 17, Newest: 23}
	cases := []struct {
		name, release, script, want string
	}{
		{"too old", "", printing + "11'", "Java 11 in /opt/other (JAVA_HOME)"},
		{"ancient", "", printing + "1.8'", "Java 1 in"},
		{"too new", "25.0.3", "exit 3", "Java 25 in"},
		{"mute", "", "true", "does not print"},
		{"broken", "", "exit 3", "does not run"},
		{"good", "", printing + "17'", ""},
		{"good by its file", "21", "exit 3", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			home := fake(t, c.release, c.script)
			chosen, err := versions.Choose(find(t.Context(), home, "", nil))
			if c.want == "" {
				if err != nil || chosen.Home != "/opt/other" && chosen.Home != home {
					t.Fatalf("chose %v, %v", chosen, err)
				}
				return
			}
			var none *NoneError
			if !errors.As(err, &none) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "it needs Java 17 to 23, and this machine has ") {
				t.Fatalf("chose %v, %v; want an error with %q", chosen, err, c.want)
			}
			if !strings.Contains(none.Hint(), "apt-get install openjdk-17-jre-headless") {
				t.Errorf("hint = %q", none.Hint())
			}
		})
	}
}

// TestEachTakesOneThatItRunsOn: JAVA_HOME's is too new for one program and good for
// the other.
func TestEachTakesOneThatItRunsOn(t *testing.T) {
	newest, middle, old := fake(t, "25.0.3", ""), fake(t, "21.0.2", ""), fake(t, "17.0.15", "")
	found := find(t.Context(), newest, filepath.Join(newest, "bin", "java"), []string{middle, newest, "/absent", old})
	if len(found) != 3 {
		t.Fatalf("found %v, want each once", found)
	}
	for versions, want := range map[Versions]string{
		{Oldest: 17}: newest, {Oldest: 17, Newest: 23}: old, {Oldest: 21, Newest: 21}: middle,
	} {
		if chosen, err := versions.Choose(found); err != nil || chosen.Home != want {
			t.Errorf("of %v %v is chosen, %v; want %s", versions, chosen, err, want)
		}
	}
}

func TestJavaOfThePath(t *testing.T) {
	home := fake(t, "17", "exit 3")
	link := filepath.Join(t.TempDir(), "java")
	if err := os.Symlink(filepath.Join(home, "bin", "java"), link); err != nil {
		t.Fatal(err)
	}
	if found := find(t.Context(), "", link, nil); len(found) != 1 || found[0].Home != home || found[0].Version != 17 {
		t.Errorf("a link leads to %v, want %s", found, home)
	}
	script := filepath.Join(fake(t, "", printing+"21'"), "bin", "java")
	if found := find(t.Context(), "", script, nil); len(found) != 1 || found[0].Home != "/opt/other" || found[0].Version != 21 {
		t.Errorf("a script leads to %v, want /opt/other", found)
	}
	_, err := Versions{Oldest: 17}.Choose(find(t.Context(), "", "", nil))
	if err == nil || err.Error() != "it needs Java 17 or newer, and this machine has no Java" {
		t.Errorf("without a Java: %v", err)
	}
}

func TestUsualPlaces(t *testing.T) {
	home := t.TempDir()
	sdkman := filepath.Join(home, ".sdkman/candidates/java/17.0.9-tem")
	apple := filepath.Join(home, "Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home")
	for _, dir := range []string{sdkman, apple} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for system, want := range map[string][]string{"linux": {sdkman}, "darwin": {apple, sdkman}} {
		got := strings.Join(usual(t.Context(), system, home), " ")
		for _, dir := range want {
			if !strings.Contains(got, dir) {
				t.Errorf("on %s: %s; want %s too", system, got, dir)
			}
		}
	}
}
