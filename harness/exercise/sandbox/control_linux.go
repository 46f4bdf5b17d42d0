package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// The protocol between the process outside and the one inside: outside sends the job
// as JSON. Inside answers with one byte that carries the listeners, in the job's
// order, and at the end with a report as JSON.

// report is the script's result, or why it couldn't be run.
type report struct {
	Exit        int
	Limit       Limit
	Fault       string
	Unavailable bool // Fault is a missing permission or feature of the system
}

const ready = 'R'

// converse returns when the process inside has reported or ended.
func converse(ctx context.Context, conn *net.UnixConn, j job) (report, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(j); err != nil {
		return report{}, errors.Join(errSilent, err)
	}
	listeners, err := receive(conn, j)
	if err != nil {
		return report{}, err
	}
	serving, cancel := context.WithCancel(ctx)
	var relayed sync.WaitGroup
	relayed.Go(func() { new(relay).serve(serving, listeners) })
	defer relayed.Wait()
	defer cancel()
	return readReport(conn)
}

func readReport(conn *net.UnixConn) (report, error) {
	var r report
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return report{}, errSilent
	}
	switch {
	case r.Unavailable:
		return r, &UnavailableError{Reason: r.Fault}
	case r.Fault != "":
		return r, errors.New(r.Fault)
	}
	return r, nil
}

// receive receives the listeners, or why there are none.
func receive(conn *net.UnixConn, j job) (map[string]net.Listener, error) {
	first, oob := make([]byte, 1), make([]byte, unix.CmsgSpace(4*mostAddresses))
	n, oobn, _, _, err := conn.ReadMsgUnix(first, oob)
	if err != nil || n == 0 {
		return nil, errSilent
	}
	fds, err := descriptors(oob[:oobn])
	if err != nil {
		return nil, err
	}
	listeners, err := asListeners(fds, j)
	if err != nil || first[0] == ready && len(fds) == len(j.Listen) {
		return listeners, err
	}
	if _, err := readReport(conn); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("the process inside passed %d listeners, want %d", len(fds), len(j.Listen))
}

func descriptors(oob []byte) ([]int, error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, err
	}
	var fds []int
	for _, m := range messages {
		rights, err := unix.ParseUnixRights(&m)
		if err != nil {
			return nil, err
		}
		fds = append(fds, rights...)
	}
	return fds, nil
}

func asListeners(fds []int, j job) (map[string]net.Listener, error) {
	listeners := map[string]net.Listener{}
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "listener")
		listener, err := net.FileListener(file)
		file.Close()
		if err != nil || i >= len(j.Listen) {
			return nil, errors.Join(fmt.Errorf("take listener %d of the process inside", i), err)
		}
		listeners[j.Listen[i].String()] = listener
	}
	return listeners, nil
}

// send passes the listeners out, from inside.
func send(conn *net.UnixConn, listeners []*net.TCPListener) error {
	var fds []int
	for _, l := range listeners {
		file, err := l.File()
		if err != nil {
			return err
		}
		defer file.Close()
		fds = append(fds, int(file.Fd()))
	}
	var rights []byte
	if len(fds) > 0 {
		rights = syscall.UnixRights(fds...)
	}
	_, _, err := conn.WriteMsgUnix([]byte{ready}, rights, nil)
	return err
}
