// Package tool finds the programs that hoplab needs from the machine. A missing one
// is an error that says why it is needed and how to install it.
package tool

import (
	"os/exec"
	"runtime"
	"strings"
)

// Tool is a program that hoplab calls.
type Tool struct {
	Name string
	// Why says what hoplab does with it, to follow "it is needed to".
	Why string
	// Optional says what happens without it; empty where hoplab can't do without.
	Optional string
	// Debian, Fedora and MacOS are the commands that install it.
	Debian, Fedora, MacOS string
}

// MissingError says that a tool wasn't found.
type MissingError struct{ Tool Tool }

func (e *MissingError) Error() string {
	text := e.Tool.Name + ": not found on the PATH"
	if e.Tool.Why != "" {
		text += "; it is needed to " + e.Tool.Why
	}
	return text
}

// Hint returns how to install the tool.
func (e *MissingError) Hint() string { return e.Tool.Hint() }

// Hint returns how to install the tool, with one line for each system.
func (t Tool) Hint() string {
	if t.Debian == "" {
		return "install " + t.Name
	}
	return strings.Join([]string{"install it:", "debian: " + t.Debian, "fedora: " + t.Fedora, "macos:  " + t.MacOS}, "\n  ")
}

// Find returns the path of a tool, or a *MissingError. Debian keeps servers in
// /usr/sbin, which isn't on every user's PATH, so Find looks there too.
func (t Tool) Find() (string, error) {
	if path, err := exec.LookPath(t.Name); err == nil {
		return path, nil
	}
	if runtime.GOOS != "windows" {
		for _, dir := range []string{"/usr/sbin/", "/usr/local/sbin/", "/opt/homebrew/sbin/"} {
			if path, err := exec.LookPath(dir + t.Name); err == nil {
				return path, nil
			}
		}
	}
	return "", &MissingError{t}
}
