// Package sandbox runs a student's shell script where it sees the system's
// programs, its own folder and nothing else of the machine, and where it can
// dial nothing but the addresses that it is given.
//
// It does so with Linux's namespaces, through a role of hoplab itself. The tool
// bubblewrap (bwrap) would make the same view of the files, but has to be
// installed, limits neither time nor memory, and relays no connection, so the
// helper inside would be needed all the same. Landlock hides no files' names and
// stops no UDP.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RoleName is the name under which a program that runs scripts has to offer
// [Role] to reexec.Run.
const RoleName = "sandbox"

// Home is where the script sees its folder. It is the same at each run, so that
// no path of the grader's machine gets into a script's output, and nothing that
// is to be shown is likely to be below it: the folder would hide it.
const Home = "/hoplab-student"

// Options say what to run and what it may have.
type Options struct {
	// Script is the text to run with /bin/sh. Or else File is the script's path,
	// relative to Dir.
	Script, File string
	// Dir is the script's working folder and HOME, the only one that it can write
	// to but for an empty /tmp of its own. It must be a copy that is made for the
	// run: where hoplab runs as root, the folder is given to user nobody.
	Dir string
	// Env is what the script has besides PATH, HOME and LANG, each as NAME=value.
	// Nothing else of the environment gets in.
	Env []string
	// Reach are the addresses, host:port on loopback, that the script can dial.
	Reach []string
	// Show are more files and folders that the script can see, under the same
	// paths, but not write to. /usr is seen anyway.
	Show []string
	// Limits that are 0 have their default.
	Limits Limits
}

// Limits are what a script can use up.
type Limits struct {
	Wall      time.Duration // from start to end
	CPU       time.Duration // of all the script's processes together
	Memory    int64         // bytes, likewise
	Output    int64         // bytes; what comes after is dropped
	FileSize  int64         // bytes of one file
	Disk      int64         // bytes of all files in Dir
	Files     int           // files and folders in Dir
	Processes int           // at one time, threads too
}

// Defaults are enough for any script of a lab.
var Defaults = Limits{
	Wall: time.Minute, CPU: 20 * time.Second, Memory: 512 << 20, Output: 1 << 20,
	FileSize: 16 << 20, Disk: 64 << 20, Files: 2000, Processes: 128,
}

func (l Limits) orDefaults() Limits {
	or(&l.Wall, Defaults.Wall)
	or(&l.CPU, Defaults.CPU)
	or(&l.Memory, Defaults.Memory)
	or(&l.Output, Defaults.Output)
	or(&l.FileSize, Defaults.FileSize)
	or(&l.Disk, Defaults.Disk)
	or(&l.Files, Defaults.Files)
	or(&l.Processes, Defaults.Processes)
	return l
}

func or[T int | int64 | time.Duration](value *T, other T) {
	if *value <= 0 {
		*value = other
	}
}

// Limit names what ended a script; "" is none.
type Limit string

// The limits that end a script. The others make a command of it fail, as a full
// disk would: more output is dropped, and more processes aren't started.
const (
	WallTime Limit = "time"
	CPUTime  Limit = "CPU time"
	Memory   Limit = "memory"
	FileSize Limit = "file size"
	Disk     Limit = "disk space"
)

// Result is what became of a script.
type Result struct {
	// Exit is the script's exit code, 128 + the signal where one ended it, and -1
	// where a limit did.
	Exit int
	// Output is what it wrote to stdout and stderr, in the order of writing. Where
	// it was too much, a last line says so.
	Output []byte
	// Dropped is how many bytes of output there were beyond the limit.
	Dropped int64
	Limit   Limit
}

// UnavailableError says that this system can't shut a script in. The script
// hasn't been run then.
type UnavailableError struct {
	Reason string
	Err    error // the system's, if any
}

func (e *UnavailableError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("scripts can't be shut in here: %s: %v", e.Reason, e.Err)
	}
	return "scripts can't be shut in here: " + e.Reason
}

func (e *UnavailableError) Unwrap() error { return e.Err }

// Hint says what to do next.
func (e *UnavailableError) Hint() string {
	return "grade on Linux 5.14 or newer that lets users make namespaces " +
		"(sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in a container, the option --privileged), " +
		"or in containers (`lab grade --runtime containers`); `--unsafe-sh` runs scripts as they are, with all that you can do yourself"
}

// Available says whether scripts can be shut in here, by running one that does
// nothing in the empty folder dir. The error is an *UnavailableError where they
// can't.
func Available(ctx context.Context, dir string) error {
	result, err := Run(ctx, Options{Script: "exit 7", Dir: dir})
	if err == nil && result.Exit != 7 {
		return fmt.Errorf("a script that ends with exit code 7 ended with %d and said %q", result.Exit, result.Output)
	}
	return err
}

var errWall = errors.New("the script's time is up")
