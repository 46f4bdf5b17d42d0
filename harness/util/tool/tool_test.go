package tool

import (
	"errors"
	"strings"
	"testing"
)

func TestFindMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Maven.Find()
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("Maven.Find() on an empty PATH: %v, want a *MissingError", err)
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

// TestFindUnknown: a component may name a program that is not among All.
func TestFindUnknown(t *testing.T) {
	_, err := Tool{Name: "hoplab-absent"}.Find()
	var missing *MissingError
	if !errors.As(err, &missing) || err.Error() != "hoplab-absent: not found on the PATH" || missing.Hint() != "install hoplab-absent" {
		t.Errorf("error = %v", err)
	}
}

func TestEachToolSaysHowToInstall(t *testing.T) {
	for _, tool := range []Tool{Java, Python, Maven, Mosquitto, Mmdebstrap, Bash, Go} {
		if tool.Debian == "" || tool.Fedora == "" || tool.MacOS == "" || tool.Why == "" {
			t.Errorf("%s has no install command for each system, or doesn't say why it is needed", tool.Name)
		}
	}
}
