package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/ui"
)

// publishOptions are publish's flags.
type publishOptions struct {
	input         inputOptions
	broker, topic string
	servers       servers
	rate          string
	qos           int
	loop, retain  bool
	share         string
	resend        time.Duration
}

func (a *app) publishCommand() *cobra.Command {
	var o publishOptions
	command := &cobra.Command{
		Use: "publish", Short: "publish rows to an MQTT topic",
		Long: "publish sends rows as JSON to an MQTT broker, each once, in the order of event time.\n" +
			"All subjects live at the same time: with --rate real, all of them are played live.\n" +
			"--order file sends file by file, and --late holds some rows back. The broker is\n" +
			"that of the run that is up, unless another is named; 'lab listen' shows what\n" +
			"arrives there, and 'lab bridge' carries it on.",
		Example: "  lab publish\n  lab publish --rate original --loop\n  lab publish --broker 127.0.0.1:1883 --rate real --late 2%/10s",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.publish(c, o) },
	}
	o.input.flags(command)
	f := command.Flags()
	addressFlag(command, &o.broker, "broker", "mosquitto", "HOST:PORT of the MQTT broker")
	o.servers.flags(command, "its mqtt is the broker, with its login")
	f.StringVar(&o.topic, "topic", "smart", "MQTT topic")
	f.StringVar(&o.rate, "rate", publish.Max.String(), "max, original (one row each 0.5 s), real (as recorded), x10, 200/s")
	f.IntVar(&o.qos, "qos", 1, "MQTT quality of service: 0, 1 or 2")
	f.DurationVar(&o.resend, "resend", 0, "after a lost connection, send again what was acknowledged in this time before: a broker that was killed may have forgotten it (default: never)")
	f.BoolVar(&o.retain, "retain", false, "have the broker keep the topic's last message, and send it to whoever subscribes")
	f.StringVar(&o.share, "share", "", "send only a part of the subjects: with 2/3, the second of three; the other parts are for other publishers, and --rows counts each publisher's own (default: all)")
	f.BoolVar(&o.loop, "loop", false, "start again after the last row, until Ctrl-C or --rows")
	return command
}

func (a *app) publish(c *cobra.Command, o publishOptions) error {
	rate, err := publish.ParseRate(o.rate)
	if err != nil {
		return usageError{err}
	}
	if err := checkQoS(o.qos); err != nil {
		return err
	}
	login, err := a.serverAt(c.Context(), o.servers, "mosquitto", &o.broker)
	if err != nil {
		return err
	}
	o.input.given(c)
	bad := &badRows{ui: a.err}
	input, err := o.input.open(bad)
	if err != nil {
		return err
	}
	client := "" // publish's own
	if o.share != "" {
		share, err := wisdm.ParseShare(o.share)
		if err != nil {
			return usageError{fmt.Errorf("--share: %w", err)}
		}
		input = wisdm.WithShare(input, share)
		client = fmt.Sprintf("hoplab-publisher-%d-of-%d", share.Part, share.Of) // a broker ends a connection when another has its name
	}
	board := a.err.Board()
	stats, err := publish.Run(c.Context(), publish.Config{
		Broker: dial.MQTTURL(login, o.broker), Login: login, ClientID: client, Topic: o.topic, QoS: byte(o.qos), Retain: o.retain,
		Source: input, Base: wisdm.DefaultBase, Rate: rate, Max: o.input.rows, Loop: o.loop, Resend: o.resend,
		Progress: func(s publish.Stats) {
			board.Set("rows", s.Acked, o.input.rows, fmt.Sprintf("%s acknowledged, %.0f/s", ui.Count(s.Acked), perSecond(s.Acked, s.Elapsed)))
		},
	})
	board.Close()
	bad.end()
	a.err.Say("%s rows of %s published to %s in %.1f s, %s acknowledged",
		ui.Count(stats.Rows), input.Name(), o.topic, stats.Elapsed.Seconds(), ui.Count(stats.Acked))
	return err
}

func checkQoS(qos int) error {
	if qos < 0 || qos > 2 {
		return usageError{fmt.Errorf("--qos is %d; it is 0, 1 or 2", qos)}
	}
	return nil
}

func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}
