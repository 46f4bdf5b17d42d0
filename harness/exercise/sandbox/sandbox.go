// Package sandbox runs a student's script so that it sees only the system's programs
// and its own folder, and can connect only to the addresses that it is given.
//
// It uses Linux's namespaces, through a role of hoplab itself. The tool bubblewrap
// (bwrap) could provide the same view of the files, but would have to be installed,
// limits neither time nor memory, and relays no connections: the helper inside would
// still be needed. Landlock restricts neither stat(2) nor, by landlock(7) of
// man-pages 6.16, UDP.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RoleName is the name under which a program that runs scripts must offer [Role] to
// reexec.Run.
const RoleName = "sandbox"

// Home is where the script sees its folder. It is the same in each run, so no path of
// the grader's machine gets into a script's output, and nothing in Options.Show is
// likely to be below it: the folder would hide it.
const Home = "/hoplab-student"

// Options say what to run and what it may use.
type Options struct {
	// Script is the text to run with /bin/sh. Or else File is the script's path,
	// relative to Dir.
	Script, File string
	// Dir is the script's working folder and HOME, the only folder that it can write
	// to besides an empty /tmp of its own. The script works on a copy in memory, whose
	// plain files are copied back at its end unless a limit ended it. Dir must be made
	// for this run: if hoplab runs as root, user nobody becomes its owner.
	Dir string
	// Env is the script's environment besides PATH, HOME and LANG, each as NAME=value.
	// It gets no other variable.
	Env []string
	// Reach are the addresses, host:port on loopback, that the script can connect to.
	Reach []string
	// Show are more files and folders that the script can see, under the same paths,
	// but not write to. It always sees /usr.
	Show []string
	// Limits that are 0 have their defaults.
	Limits Limits
}

// Limits are what a script can use.
type Limits struct {
	Wall      time.Duration // from start to end
	CPU       time.Duration // of all the script's processes together
	Memory    int64         // bytes, of all the script's processes together
	Output    int64         // bytes; the rest is dropped
	FileSize  int64         // bytes of one file
	Disk      int64         // bytes of all files in Dir, including deleted ones that are open
	Files     int           // files and folders in Dir
	Processes int           // at a time, including threads
	Sockets   int           // at a time: each holds up to 416 KiB of the kernel's memory
}

// Defaults are enough for any script of a lab.
var Defaults = Limits{
	Wall: time.Minute, CPU: 20 * time.Second, Memory: 512 << 20, Output: 1 << 20,
	FileSize: 16 << 20, Disk: 64 << 20, Files: 2000, Processes: 128, Sockets: 512,
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
	or(&l.Sockets, Defaults.Sockets)
	return l
}

func or[T int | int64 | time.Duration](value *T, other T) {
	if *value <= 0 {
		*value = other
	}
}

// Limit names what ended a script; "" is none.
type Limit string

// The limits that end a script. Beyond the other limits, output is dropped and a new
// process fails to start.
const (
	WallTime Limit = "time"
	CPUTime  Limit = "CPU time"
	Memory   Limit = "memory"
	FileSize Limit = "file size"
	Disk     Limit = "disk space"
	Sockets  Limit = "sockets"
)

// Result is the result of a script.
type Result struct {
	// Exit is the script's exit code, 128 + the signal if one ended it, or -1 if a
	// limit did.
	Exit int
	// Output is what it wrote to stdout and stderr, in the order of writing. If some
	// was dropped, a last line says so.
	Output []byte
	// Dropped is how many bytes of output there were beyond the limit.
	Dropped int64
	Limit   Limit
}

// UnavailableError says that this system has no sandbox. The script hasn't been run.
type UnavailableError struct {
	Reason string
	Err    error // the system's, if any
}

func (e *UnavailableError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("this system can't run scripts in a sandbox: %s: %v", e.Reason, e.Err)
	}
	return "this system can't run scripts in a sandbox: " + e.Reason
}

func (e *UnavailableError) Unwrap() error { return e.Err }

// Hint says what to do next.
func (e *UnavailableError) Hint() string {
	return "grade on Linux 5.14 or newer that lets users make namespaces " +
		"(sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in a container, the option --privileged), " +
		"or in containers (`lab grade --runtime containers`); `--unsafe-sh` runs scripts without a sandbox, with all your own rights"
}

// Available reports whether this system has a sandbox, by running a script that does
// nothing in the empty folder dir. The error is an *UnavailableError if it hasn't.
func Available(ctx context.Context, dir string) error {
	result, err := Run(ctx, Options{Script: "exit 7", Dir: dir})
	if err == nil && result.Exit != 7 {
		return fmt.Errorf("a script that ends with exit code 7 ended with %d and said %q", result.Exit, result.Output)
	}
	return err
}

var errWall = errors.New("the script's time is up")
