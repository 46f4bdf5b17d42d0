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

// scriptJob is the job of the process that becomes the script.
type scriptJob struct {
	File   string
	Drop   bool
	Limits Limits
}

// ownProcesses are the threads of the first process inside, which count as the
// script's processes if both have the same user.
const ownProcesses = 16

// openFiles is how many files and sockets one process can have open.
const openFiles = 128

// becomeScript returns only if it fails. The script can undo none of it, whatever it
// runs.
func becomeScript(text string) error {
	var j scriptJob
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return fmt.Errorf("read what to run: %w", err)
	}
	runtime.LockOSThread() // rights belong to a thread, and the thread that starts the script counts
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
	// Last, because this program itself may use more. It is twice the limit for all
	// processes together: the watch then ends the script, with a reason, before a
	// program reports that it is out of memory.
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
		unix.RLIMIT_NOFILE:   openFiles,
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
		return fmt.Errorf("get limit %d: %w", resource, err)
	}
	most = min(most, now.Max) // it can't be raised
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
	// This clears the ambient ones too, which a program would inherit.
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
