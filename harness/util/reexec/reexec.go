// Package reexec lets hoplab's executables, test binaries among them, start
// themselves again in another role, such as the keeper of a run or the built-in
// broker. A component that is part of hoplab is then a process of its own, which can
// be stopped and killed like the others, and needs no second file.
package reexec

import (
	"fmt"
	"os"
)

// roleVariable names the role in the environment of a process that has one.
const roleVariable = "HOPLAB_ROLE"

// Role is what a process does that was started for it. Its result is the
// process's exit code.
type Role func(args []string) int

// Env returns what to add to the environment of a process to give it a role.
func Env(role string) string { return roleVariable + "=" + role }

// Run does what the environment asks for and then exits. It returns where the
// environment names no role. Call it first in main and in TestMain.
func Run(roles map[string]Role) {
	name, ok := os.LookupEnv(roleVariable)
	if !ok {
		return
	}
	os.Unsetenv(roleVariable) // it's for this process, not for its children
	role, ok := roles[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "hoplab: %s=%s names no role of this program\n", roleVariable, name)
		os.Exit(2)
	}
	os.Exit(role(os.Args[1:]))
}
