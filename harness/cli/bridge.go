package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/util/ui"
)

const countersEvery = time.Second

func (a *app) bridgeCommand() *cobra.Command {
	cfg := bridge.Config{Record: wisdm.Record}
	var broker, kafka string
	var at servers
	command := &cobra.Command{
		Use: "bridge", Short: "carry messages from MQTT to Kafka, at least once",
		Long: "bridge carries an MQTT topic into a Kafka topic until Ctrl-C. A message is\n" +
			"acknowledged to the broker only after Kafka has it; the broker keeps the rest for\n" +
			"the client id, so starting the bridge again loses nothing. A message may arrive\n" +
			"twice; 'lab export' and lab 4's job write it once.",
		Example: "  lab bridge\n  lab bridge --broker 127.0.0.1:1883 --kafka 127.0.0.1:9092",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if cfg.Login, err = a.serverAt(c.Context(), at, "mosquitto", &broker); err != nil {
				return err
			}
			if cfg.KafkaLogin, err = a.serverAt(c.Context(), at, "kafka", &kafka); err != nil {
				return err
			}
			cfg.Broker, cfg.Kafka = dial.MQTTURL(cfg.Login, broker), strings.Split(kafka, ",")
			return a.bridge(c.Context(), cfg)
		},
	}
	f := command.Flags()
	addressFlag(command, &broker, "broker", "mosquitto", "HOST:PORT of the MQTT broker")
	addressFlag(command, &kafka, "kafka", "kafka", "HOST:PORT of Kafka brokers, with commas")
	at.flags(command, "its mqtt and kafka, with their logins")
	f.StringVar(&cfg.Source, "source", "smart", "MQTT topic")
	f.StringVar(&cfg.Topic, "topic", "", "Kafka topic (default: the MQTT topic)")
	f.IntVar(&cfg.Partitions, "partitions", 3, "partitions of the Kafka topic, if the bridge has to create it")
	f.StringVar(&cfg.ClientID, "client", "", "client id: names the session that the broker keeps (default: made from both topics and the Kafka cluster)")
	return command
}

func (a *app) bridge(ctx context.Context, cfg bridge.Config) error {
	b, err := bridge.New(cfg)
	if err != nil {
		return usageError{err}
	}
	err = a.counting(ctx, "bridge", b.Run, func() string {
		if trouble := b.Trouble(); trouble != nil {
			return fmt.Sprintf("trying again: %v", trouble)
		}
		s := b.Stats()
		return fmt.Sprintf("%s in Kafka, %d in flight", ui.Count(s.Forwarded), s.InFlight)
	})
	s := b.Stats()
	if s.Foreign > 0 {
		a.err.Say("%s messages of other topics were dropped (%s): the broker had them for this client id by an older subscription",
			ui.Count(s.Foreign), printable.Clip(printable.Line(strings.Join(b.OtherTopics(), ", ")), 200))
	}
	a.err.Say("%s received, %s in Kafka, %s acknowledged, %s sent again, %s not a row",
		ui.Count(s.Received), ui.Count(s.Forwarded), ui.Count(s.Acked), ui.Count(s.Redelivered), ui.Count(s.Unkeyed))
	if err == nil {
		return errEnded // Ctrl-C is how a user ends the bridge
	}
	return err
}

// counting shows each second how far a program is while it runs.
func (a *app) counting(ctx context.Context, name string, run func(context.Context) error, text func() string) error {
	show, hide := context.WithCancel(ctx)
	var shown sync.WaitGroup
	shown.Go(func() {
		board := a.err.Board()
		defer board.Close()
		tick := time.NewTicker(countersEvery)
		defer tick.Stop()
		for {
			select {
			case <-show.Done():
				return
			case <-tick.C:
				board.Set(name, 0, 0, text())
			}
		}
	})
	err := run(ctx)
	hide()
	shown.Wait()
	return err
}
