// Package brokertest has what tests of MQTT clients need: a real mosquitto, set
// up as in the lab, and a network that breaks on demand.
package brokertest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/wait"
)

type address string

func (a address) Addr(string, string) string { return string(a) }

// Mosquitto starts a mosquitto for the length of a test and returns its
// host:port. Where none is installed, the test is skipped.
func Mosquitto(t *testing.T) string {
	t.Helper()
	path := need.Broker(t)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil { // mosquitto gives root up
		t.Fatal(err)
	}
	addr := freeAddr(t)
	process := component.Mosquitto().Process(component.Site{
		Addresses: address(addr), Name: "mosquitto", Dir: dir, Executable: path, BindHost: "127.0.0.1",
		Peer: func(string, string) string { return addr },
	})
	for _, f := range process.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Path), []byte(f.Text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(process.Command[0], process.Command[1:]...)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	awaitReady(t, addr, log.Name())
	return addr
}

func awaitReady(t *testing.T, addr, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := wait.Until(ctx, 10*time.Millisecond, func() (bool, error) {
		err := component.Mosquitto().Ready(ctx, address(addr))
		return err == nil, err
	})
	if err != nil {
		text, _ := os.ReadFile(log)
		t.Fatalf("mosquitto isn't ready: %v\n%s", err, text)
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
