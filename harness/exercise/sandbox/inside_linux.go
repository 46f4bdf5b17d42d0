package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"hoplab.example/harness/util/reexec"
)

const controlFD = 3

// Role is what a process does that was started to run a script: with the argument
// "inside" it is the first process of the new namespaces, and when it ends all others
// in them end; with "script" and a JSON text it becomes the script.
func Role(args []string) int {
	switch {
	case len(args) == 1 && args[0] == "inside":
		inside()
	case len(args) == 2 && args[0] == "script":
		fmt.Fprintln(os.Stderr, "sandbox:", becomeScript(args[1]))
	default:
		fmt.Fprintf(os.Stderr, "sandbox: only hoplab itself uses this role, not with %q\n", args)
	}
	return 2
}

// first is the first process inside.
type first struct {
	conn  *net.UnixConn
	job   job
	once  sync.Once
	ready bool
	dir   *os.File // the job's, on the machine
}

// inside doesn't return.
func inside() {
	signal.Notify(make(chan os.Signal, 1))       // otherwise a script of the same user could end this process
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) // nor look into it
	unix.CloseRange(controlFD, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	file := os.NewFile(controlFD, "control")
	conn, err := net.FileConn(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox: take the control socket:", err)
		os.Exit(2)
	}
	file.Close()
	f := &first{conn: conn.(*net.UnixConn)}
	decoder := json.NewDecoder(conn)
	if err := decoder.Decode(&f.job); err != nil {
		os.Exit(2)
	}
	go func() { // the kernel sends no signal if the parent has already ended
		io.Copy(io.Discard, conn)
		os.Exit(2)
	}()
	f.end(f.run())
}

// run returns the script's result.
func (f *first) run() report {
	if err := f.prepare(); err != nil {
		return report{Fault: err.Error(), Unavailable: unavailable(err)}
	}
	pid, err := f.start()
	if err != nil {
		return report{Fault: "start the script: " + err.Error()}
	}
	go f.watch()
	go f.watchSockets()
	result := await(pid)
	if err := f.bringBack(); err != nil && result.Fault == "" {
		result.Fault = "bring the script's files back: " + err.Error()
	}
	return result
}

// unavailable reports whether the system refuses, as opposed to wrong options.
func unavailable(err error) bool {
	for _, refusal := range []error{unix.EPERM, unix.EACCES, unix.EINVAL, unix.ENOSYS, unix.EOPNOTSUPP} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

func (f *first) prepare() error {
	if err := f.openDir(); err != nil {
		return err
	}
	if err := f.job.enter(); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte("sandbox")); err != nil {
		return fmt.Errorf("set the host's name: %w", err)
	}
	// Nested namespaces would expose more of the kernel to the script.
	if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
		return fmt.Errorf("forbid further namespaces: %w", err)
	}
	for _, name := range []string{"tcp_rmem", "tcp_wmem"} { // what a connection may grow to, as other sockets
		if err := os.WriteFile("/proc/sys/net/ipv4/"+name, []byte("4096 131072 425984"), 0); err != nil {
			return fmt.Errorf("limit the memory of connections: %w", err)
		}
	}
	listeners, err := listen(f.job)
	if err != nil {
		return err
	}
	f.ready = true
	return send(f.conn, listeners)
}

// listen enables loopback, the only device of the new network.
func listen(j job) ([]*net.TCPListener, error) {
	if err := loopback(); err != nil {
		return nil, fmt.Errorf("enable the network: %w", err)
	}
	var listeners []*net.TCPListener
	for _, addr := range j.Listen {
		l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
		if err != nil {
			return nil, fmt.Errorf("listen inside: %w", err)
		}
		listeners = append(listeners, l)
	}
	return listeners, nil
}

func loopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// start starts this program once more: only a separate process can give up its
// rights before it becomes the script.
func (f *first) start() (int, error) {
	limits, err := json.Marshal(scriptJob{File: f.job.path(), Drop: f.job.Drop, Limits: f.job.Limits})
	if err != nil {
		return 0, err
	}
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	return syscall.ForkExec("/proc/self/exe", []string{"sandbox", "script", string(limits)}, &syscall.ProcAttr{
		Env:   append([]string{reexec.Env(RoleName)}, f.job.Env...),
		Files: []uintptr{null.Fd(), 1, 2},
		Dir:   "/",
		Sys:   &syscall.SysProcAttr{Setsid: true, AmbientCaps: f.ambient()},
	})
}

// ambient keeps capabilities across the start of a process that isn't root, which
// then gives up the others.
func (f *first) ambient() []uintptr {
	if f.job.Drop {
		return nil
	}
	return insideCaps
}

// await reaps every process that ends inside, as the first of a namespace must, until
// the script itself has ended.
func await(pid int) report {
	for {
		var status unix.WaitStatus
		ended, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return report{Fault: "wait for the script: " + err.Error()}
		case ended == pid:
			return ending(status)
		}
	}
}

func ending(status unix.WaitStatus) report {
	code := status.ExitStatus()
	if status.Signaled() {
		code = 128 + int(status.Signal())
	}
	switch code {
	case 128 + int(unix.SIGXCPU):
		return report{Exit: -1, Limit: CPUTime}
	case 128 + int(unix.SIGXFSZ):
		return report{Exit: -1, Limit: FileSize}
	}
	return report{Exit: code}
}

// end reports and ends every process inside.
func (f *first) end(r report) {
	f.once.Do(func() {
		if !f.ready {
			f.conn.Write([]byte{'F'})
		}
		json.NewEncoder(f.conn).Encode(r)
		os.Exit(0)
	})
}
