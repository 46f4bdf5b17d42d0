package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// scriptJob is what the process is told that becomes the script.
type scriptJob struct {
	File   string
	Drop   bool
	Limits Limits
}

// ownProcesses are those of the first process inside, which count as the
// script's where both have the same user: one of Go's threads is one.
const ownProcesses = 16

// becomeScript returns only where it fails. All that follows is for good: none
// of it can be undone by the script, whatever it runs.
func becomeScript(text string) error {
	var j scriptJob
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return fmt.Errorf("read what to run: %w", err)
	}
	runtime.LockOSThread() // rights are a thread's, and the thread that starts the script counts
	if err := j.limit(); err != nil {
		return err
	}
	if err := os.Chdir(Home); err != nil {
		return err
	}
	if err := j.giveUpRights(); err != nil {
		return err
	}
	if err := filterCalls(); err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	// Last, as this program itself may have more. It is twice what the processes
	// together may have, so that the watch over them ends the script, with its
	// reason, before a program says that it has no memory.
	if err := set(unix.RLIMIT_DATA, uint64(2*j.Limits.Memory)); err != nil {
		return err
	}
	err := syscall.Exec("/bin/sh", []string{"sh", j.File}, os.Environ())
	return fmt.Errorf("start /bin/sh: %w", err)
}

func (j scriptJob) limit() error {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_NPROC:    uint64(j.Limits.Processes + ownProcesses),
		unix.RLIMIT_FSIZE:    uint64(j.Limits.FileSize),
		unix.RLIMIT_CPU:      uint64(math.Ceil((j.Limits.CPU + time.Second).Seconds())),
		unix.RLIMIT_NOFILE:   256,
		unix.RLIMIT_CORE:     0,
		unix.RLIMIT_MSGQUEUE: 0,
	} {
		if err := set(resource, most); err != nil {
			return err
		}
	}
	return nil
}

func set(resource int, most uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return fmt.Errorf("ask for limit %d: %w", resource, err)
	}
	most = min(most, now.Max) // nobody may raise it
	if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("set limit %d to %d: %w", resource, most, err)
	}
	return nil
}

func (j scriptJob) giveUpRights() error {
	if j.Drop {
		if err := dropUser(); err != nil {
			return fmt.Errorf("stop being root: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("refuse new rights: %w", err)
	}
	// With these go the ambient ones, which a program that is started would have.
	none := [2]unix.CapUserData{}
	if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
		return fmt.Errorf("give up rights: %w", err)
	}
	return nil
}

func dropUser() error {
	if err := syscall.Setgroups(nil); err != nil {
		return err
	}
	if err := syscall.Setresgid(scriptUID, scriptUID, scriptUID); err != nil {
		return err
	}
	return syscall.Setresuid(scriptUID, scriptUID, scriptUID)
}
