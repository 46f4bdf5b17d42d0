package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/util/ui"
)

const removeLimit = time.Minute

// remove takes away what the run has made, even if it was interrupted.
func remove(u *ui.UI, p pipeline.Pipeline) {
	ctx, cancel := context.WithTimeout(context.Background(), removeLimit)
	defer cancel()
	if err := cleanup.Remove(ctx, p); err != nil {
		u.Say("not all that the run has made is gone: %v", err)
	}
}

// addressOf returns where a component of a file of addresses is, and how to log
// in there. The built-in broker takes mosquitto's place where the file has only that.
func addressOf(path, name string) (string, access.Login, error) {
	file, err := attach.Load(path)
	if err == nil {
		if name == "mosquitto" {
			name = file.Broker()
		}
		err = file.Require([]string{name})
	}
	if err != nil {
		return "", access.Login{}, usageError{err}
	}
	return file.Address(name), file.Access()[name], nil
}

// servers says where a command finds the servers whose addresses it isn't given: in a file
// of addresses, or in a run that is up.
type servers struct{ attach, run string }

func (s *servers) flags(c *cobra.Command, used string) {
	c.Flags().StringVar(&s.attach, "attach", "", "a file of addresses: "+used)
	runFlag(c, &s.run)
}

// usual is where servers are that hoplab hasn't started, and what their port is called.
var usual = map[string]struct{ addr, port string }{
	"mosquitto": {"127.0.0.1:1883", "mqtt"}, "kafka": {"127.0.0.1:9092", "client"}, "elasticsearch": {"127.0.0.1:9200", "http"},
}

// addressFlag is for the address of a server. what says which, with the form of the address.
func addressFlag(c *cobra.Command, addr *string, flag, component, what string) {
	c.Flags().Var((*address)(addr), flag, fmt.Sprintf("%s (default: the one of the run that is up, or %s)", what, usual[component].addr))
}

// address is a flag's value, HOST:PORT or several with commas. An empty one, as of a
// variable that isn't set, is no default.
type address string

func (a *address) String() string { return string(*a) }
func (a *address) Type() string   { return "string" }

func (a *address) Set(text string) error {
	for _, addr := range strings.Split(text, ",") {
		if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
			return fmt.Errorf("%q isn't an address; it must be HOST:PORT", addr)
		}
	}
	*a = address(text)
	return nil
}

// serverAt sets addr, unless it was given, and returns the login for the server there.
func (a *app) serverAt(ctx context.Context, s servers, component string, addr *string) (login access.Login, err error) {
	if *addr == "" && s == (servers{}) {
		s.attach = os.Getenv("addresses") // set in the shell of 'lab shell N'
	}
	switch {
	case s.attach != "" && s.run != "":
		return login, usageError{errors.New("--run and --attach both choose the servers: give one of the two")}
	case s.attach != "":
		*addr, login, err = addressOf(s.attach, component)
	case *addr == "":
		*addr, login, err = a.addressInRun(ctx, s.run, component)
	}
	return login, err
}

// addressInRun returns where a run's server is or, where no run was named and none has the
// server, where one usually is.
func (a *app) addressInRun(ctx context.Context, name, component string) (string, access.Login, error) {
	found, err := run.Choose(ctx, a.err, name)
	var several run.AskedError
	switch {
	case name == "" && err != nil && !errors.As(err, &several):
		return usual[component].addr, access.Login{}, nil
	case err != nil:
		return "", access.Login{}, err
	}
	is := component
	if component == "mosquitto" {
		is = found.State.Broker()
	}
	addr := found.State.Addr(is, usual[component].port)
	switch {
	case addr == "" && name != "":
		return "", access.Login{}, noComponent(found, component)
	case addr == "":
		return usual[component].addr, access.Login{}, nil
	}
	a.err.Say("%s of the run %s is at %s", is, found.Client.Name(), addr)
	logins, err := found.Client.Access()
	return addr, logins[is], err
}
