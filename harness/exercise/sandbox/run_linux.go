package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"hoplab.example/harness/util/capped"
	"hoplab.example/harness/util/reexec"
)

// The script's user: inside, and outside if hoplab runs as root. Otherwise the script
// has hoplab's own user outside.
const (
	scriptUID = 1000
	nobodyUID = 65534
)

// Run runs a script and returns once none of its processes is left. A script that
// fails or that a limit ends is a result, not an error. An error says that the script
// couldn't be run, or that ctx ended first; it is an *UnavailableError on a system
// without a sandbox.
func Run(ctx context.Context, o Options) (Result, error) {
	j, err := o.job()
	if err != nil {
		return Result{}, err
	}
	if err := supported(); err != nil {
		return Result{}, err
	}
	// The root of a rootless container may be its only user. Outside it is an ordinary
	// user, and it is treated as one.
	if j.Drop && (outside(nobodyUID, "uid") < 0 || outside(nobodyUID, "gid") < 0) {
		if outside(0, "uid") == 0 {
			return Result{}, &UnavailableError{Reason: "root is the only user of this namespace, and is root outside too"}
		}
		j.Drop = false
	}
	if j.Drop {
		if err := giveAway(j.Dir); err != nil {
			return Result{}, err
		}
	}
	wall, cancel := context.WithTimeoutCause(ctx, j.Limits.Wall, errWall)
	defer cancel()
	// The kernel kills the child when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	report, output, err := run(wall, j)
	result := Result{Exit: -1, Output: output.Noted(), Dropped: output.Dropped}
	switch {
	case ctx.Err() != nil:
		return result, fmt.Errorf("run script: %w", context.Cause(ctx))
	case report.Exit == 0 && report.Limit == "" && wall.Err() != nil && err != nil:
		result.Limit = WallTime
		return result, nil
	case err != nil:
		return result, fmt.Errorf("run script: %w", err)
	}
	result.Exit, result.Limit = report.Exit, report.Limit
	return result, nil
}

// outside returns the id that a user ("uid") or group ("gid") has outside of this
// process's namespace, or -1 if it has none. A line of Linux's maps has the first id
// inside, the first id outside, and their number.
func outside(id int64, kind string) int64 {
	text, _ := os.ReadFile("/proc/self/" + kind + "_map")
	for line := range strings.Lines(string(text)) {
		var first, there, count int64
		fmt.Sscan(line, &first, &there, &count)
		if first <= id && id < first+count {
			return there + id - first
		}
	}
	return -1
}

// giveAway makes user nobody the owner of the script's folder. A file with a second
// name could be somebody else's file, elsewhere.
func giveAway(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); !entry.IsDir() && stat.Nlink > 1 {
			return fmt.Errorf("sandbox: %s has %d names (hard links); give the script a fresh copy of the folder", path, stat.Nlink)
		}
		return os.Lchown(path, nobodyUID, nobodyUID)
	})
}

func supported() error {
	if _, ok := architectures[runtime.GOARCH]; !ok {
		return &UnavailableError{Reason: "there is no filter of system calls for " + runtime.GOARCH}
	}
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return &UnavailableError{Reason: "get the kernel's version", Err: err}
	}
	release := unix.ByteSliceToString(name.Release[:])
	var major, minor int
	fmt.Sscanf(release, "%d.%d", &major, &minor)
	if major < 5 || major == 5 && minor < 14 { // which counts the processes of each namespace separately
		return &UnavailableError{Reason: "the kernel is " + release + ", older than 5.14"}
	}
	return nil
}

// run starts the process inside, relays its connections and waits for its end.
func run(ctx context.Context, j job) (report, *capped.Buffer, error) {
	output := &capped.Buffer{Most: j.Limits.Output}
	ours, theirs, err := socketpair()
	if err != nil {
		return report{}, output, err
	}
	defer ours.Close()
	read, write, err := os.Pipe()
	if err != nil {
		theirs.Close()
		return report{}, output, err
	}
	defer read.Close()
	cmd := command(ctx, j, theirs, write)
	err = cmd.Start()
	theirs.Close()
	write.Close()
	if err != nil {
		return report{}, output, &UnavailableError{Reason: "make namespaces", Err: err}
	}
	var drained sync.WaitGroup
	drained.Go(func() { io.Copy(output, read) })
	serving, cancel := context.WithCancel(ctx)
	report, err := converse(serving, ours, j)
	cancel()
	if err != nil {
		cmd.Process.Kill()
	}
	cmd.Wait()
	drained.Wait()
	return report, output, err
}

func command(ctx context.Context, j job, control, output *os.File) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/proc/self/exe", "inside")
	cmd.Env = []string{reexec.Env(RoleName)}
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = output, output
	cmd.ExtraFiles = []*os.File{control}
	attr := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC |
			syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
		Pdeathsig: syscall.SIGKILL,
		Setsid:    true,
	}
	if j.Drop {
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: scriptUID, HostID: nobodyUID, Size: 1}}
		attr.GidMappings, attr.GidMappingsEnableSetgroups = attr.UidMappings, true
	} else {
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: scriptUID, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: scriptUID, HostID: os.Getegid(), Size: 1}}
		attr.AmbientCaps = insideCaps
	}
	cmd.SysProcAttr = attr
	return cmd
}

// insideCaps are the capabilities that the process inside needs, in its own
// namespaces only: to mount, to enable the network, to listen on ports below 1024, to
// forbid further namespaces, to drop the script's rights, and to measure folders that
// the script has made unreadable.
var insideCaps = []uintptr{
	unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_NET_BIND_SERVICE, unix.CAP_SYS_RESOURCE,
	unix.CAP_SETPCAP, unix.CAP_DAC_READ_SEARCH,
}

func socketpair() (*net.UnixConn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a pair of sockets: %w", err)
	}
	theirs := os.NewFile(uintptr(fds[1]), "control")
	ours := os.NewFile(uintptr(fds[0]), "control")
	defer ours.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// errSilent is for a process inside that ended without a word.
var errSilent = errors.New("the process that ran the script was killed")
