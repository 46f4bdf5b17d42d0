package sandbox

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// dials returns a script in which the test binary connects to an address.
func dials(t *testing.T, addr string, connections, size int) string {
	t.Helper()
	return fmt.Sprintf("HOPLAB_ROLE=client '%s' %s %d %d", executable(t), addr, connections, size)
}

func TestReachesWhatItMay(t *testing.T) {
	needSandbox(t)
	addr := echoServer(t)
	for _, c := range []struct{ connections, size int }{{1, 5}, {100, 1000}, {2, 20 << 20}} {
		result := sh(t, Options{
			Show: []string{executable(t)}, Reach: []string{addr, addr}, Script: dials(t, addr, c.connections, c.size),
			Limits: Limits{Memory: 1 << 30},
		})
		if string(result.Output) != "all right\n" {
			t.Errorf("%d connections of %d bytes: %+v %s", c.connections, c.size, result, result.Output)
		}
	}
}

func TestReachesNothingElse(t *testing.T) {
	needSandbox(t)
	allowed, other := echoServer(t), echoServer(t)
	if err := talk(other, 5); err != nil {
		t.Fatalf("the server that must not be reached can't be, outside: %v", err)
	}
	addresses := append(ownAddresses(t, other), other, "1.1.1.1:53", "[::1]:53")
	for _, addr := range addresses {
		result := sh(t, Options{Show: []string{executable(t)}, Reach: []string{allowed}, Script: dials(t, addr, 1, 5)})
		if result.Exit != 1 || !strings.Contains(string(result.Output), "refused") && !strings.Contains(string(result.Output), "unreachable") {
			t.Errorf("%s: %+v %s", addr, result, result.Output)
		}
	}
	result := sh(t, Options{Script: "getent hosts example.org || echo unknown; getent hosts localhost | head -c 4; tail -n +3 /proc/net/dev | cut -d: -f1"})
	if text := string(result.Output); !strings.HasPrefix(text, "unknown\n") || strings.Count(text, "\n") > 3 {
		t.Errorf("got %s", text)
	}
}

// ownAddresses returns the port of addr at each address of this machine.
func ownAddresses(t *testing.T, addr string) []string {
	t.Helper()
	_, port, _ := net.SplitHostPort(addr)
	networks, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, n := range networks {
		if ip, _, err := net.ParseCIDR(n.String()); err == nil && ip.To4() != nil {
			all = append(all, net.JoinHostPort(ip.String(), port))
		}
	}
	return all
}

func TestAServerThatIsDownResetsTheConnection(t *testing.T) {
	needSandbox(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	result := sh(t, Options{Show: []string{executable(t)}, Reach: []string{addr}, Script: dials(t, addr, 1, 5)})
	if result.Exit != 1 || !strings.Contains(string(result.Output), "fault") {
		t.Errorf("got %+v %s", result, result.Output)
	}
}

func TestBadOptions(t *testing.T) {
	dir := testFolder(t)
	for want, o := range map[string]Options{
		"either a script's text or its file": {Dir: dir},
		"isn't in its folder":                {Dir: dir, File: "../x.sh"},
		"script's folder":                    {Dir: dir + "/none", Script: "true"},
		"NAME=value":                         {Dir: dir, Script: "true", Env: []string{"TOKEN"}},
		`"10.0.0.1:80"`:                      {Dir: dir, Script: "true", Reach: []string{"10.0.0.1:80"}},
		`"kafka:9092"`:                       {Dir: dir, Script: "true", Reach: []string{"kafka:9092"}},
		`"127.0.0.1:0"`:                      {Dir: dir, Script: "true", Reach: []string{"127.0.0.1:0"}},
		"doesn't exist":                      {Dir: dir, Script: "true", Show: []string{"/no/such"}},
		"clean absolute path":                {Dir: dir, Script: "true", Show: []string{"/"}},
	} {
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
