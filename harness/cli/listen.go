package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/spf13/cobra"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access"
)

const listenHelp = `listen prints the messages of an MQTT topic, one per line, as they arrive: until
Ctrl-C, or until --count of them have arrived. It doesn't see what was published
before, unless that was retained, or the broker has kept it: with --client NAME --keep, the
broker keeps a session under that name, and what comes while nobody listens. Without --keep it
forgets that. A command after -- is run as soon as listen is subscribed, so nothing that
the command publishes is missed.`

const listenExample = `  lab listen
  lab listen --count 3 -- lab publish
  lab listen --broker 127.0.0.1:1883 --topic smart/#`

type listenOptions struct {
	broker, topic, client string
	servers               servers
	keep                  bool
	qos, count            int
	wait                  time.Duration
}

func (a *app) listenCommand() *cobra.Command {
	var o listenOptions
	command := &cobra.Command{
		Use: "listen [-- COMMAND [ARG...]]", Short: "print the messages of an MQTT topic", Long: listenHelp, Example: listenExample,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && c.ArgsLenAtDash() != 0 {
				return usageError{fmt.Errorf("%q: a command to run has to come after --; see 'lab listen --help'", args[0])}
			}
			if o.keep && o.client == "" {
				return usageError{errors.New("--keep needs --client: the broker keeps a session by its client's name")}
			}
			return a.listen(c.Context(), o, args)
		},
	}
	f := command.Flags()
	addressFlag(command, &o.broker, "broker", "mosquitto", "HOST:PORT of the MQTT broker")
	o.servers.flags(command, "its mqtt is the broker, with its login")
	f.StringVar(&o.topic, "topic", "smart", "MQTT topic")
	f.StringVar(&o.client, "client", "", "the client's name at the broker (default: one of this process)")
	f.BoolVar(&o.keep, "keep", false, "have the broker keep the session once this ends")
	f.IntVar(&o.qos, "qos", 1, "MQTT quality of service: 0, 1 or 2")
	f.IntVar(&o.count, "count", 0, "end after this many messages (0: never)")
	f.DurationVar(&o.wait, "wait", 0, "give up when no message has arrived for this long, such as 10s (0: never)")
	return command
}

func (a *app) listen(ctx context.Context, o listenOptions, command []string) error {
	if err := checkQoS(o.qos); err != nil {
		return err
	}
	login, err := a.serverAt(ctx, o.servers, "mosquitto", &o.broker)
	if err != nil {
		return err
	}
	heard := make(chan []byte)
	client, err := o.subscribe(ctx, login, func(text []byte) {
		select {
		case heard <- text:
		case <-ctx.Done():
		}
	})
	if err != nil {
		return err
	}
	defer client.Disconnect(100)
	a.err.Say("listening to %s at %s", o.topic, o.broker)
	ended := a.beside(ctx, command)
	return a.print(ctx, o, heard, ended)
}

// subscribe returns once the broker has taken the subscription.
func (o listenOptions) subscribe(ctx context.Context, login access.Login, hear func([]byte)) (mqtt.Client, error) {
	return wire.Session{
		Addr: o.broker, Login: login, Kept: o.keep, ClientID: cmp.Or(o.client, fmt.Sprintf("lab-listen-%d", os.Getpid())),
	}.Subscribe(ctx, o.topic, byte(o.qos), func(m mqtt.Message) { hear(m.Payload()) })
}

// beside runs a command, if any; the channel gets how it has ended.
func (a *app) beside(ctx context.Context, command []string) <-chan error {
	if len(command) == 0 {
		return nil
	}
	ended := make(chan error, 1)
	go func() {
		run := exec.CommandContext(ctx, command[0], command[1:]...)
		run.Stdout, run.Stderr = a.err, a.err // stdout has the messages
		ended <- run.Run()
	}()
	return ended
}

// print prints what is heard until --count messages have arrived.
func (a *app) print(ctx context.Context, o listenOptions, heard <-chan []byte, ended <-chan error) error {
	for n := 0; o.count == 0 || n < o.count; {
		var quiet <-chan time.Time
		if o.wait > 0 {
			quiet = time.After(o.wait)
		}
		select {
		case text := <-heard:
			n++
			fmt.Fprintf(a.out, "%s\n", text)
		case err := <-ended:
			if err := commandEnd(err); err != nil {
				return err
			}
			ended = nil
		case <-quiet:
			return failedError{fmt.Sprintf("no message has arrived for %v; %d had arrived before", o.wait, n)}
		case <-ctx.Done():
			return errEnded
		}
	}
	if ended == nil {
		return nil
	}
	return commandEnd(<-ended)
}

func commandEnd(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return commandError{exit.ExitCode()}
	}
	return err
}
