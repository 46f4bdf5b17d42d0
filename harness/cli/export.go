package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/ui"
)

func (a *app) exportCommand() *cobra.Command {
	cfg := exporter.Config{Document: pipeline.Document}
	var kafka string
	var at servers
	command := &cobra.Command{
		Use: "export", Short: "carry rows from Kafka to Elasticsearch, without Flink",
		Long: "export carries a Kafka topic's rows into an Elasticsearch index until Ctrl-C, as\n" +
			"the documents that Flink's job of lab 4 writes. A row's ID is its document's _id,\n" +
			"so a row that comes twice is one document. Offsets are committed only after\n" +
			"Elasticsearch has acknowledged the rows before them: starting export again loses\n" +
			"nothing, and continues where it stopped. The offsets are those of a consumer group for\n" +
			"this topic and index. --from-beginning reads the whole topic again, for an index\n" +
			"that was emptied, or one of the same name elsewhere: what is there already is\n" +
			"replaced, not doubled. Messages that aren't rows go to a topic of their own, with the reason in\n" +
			"the header hoplab-error. Put the index template of labs/04-export first.",
		Example: "  lab export\n  lab export --kafka 127.0.0.1:9092 --elasticsearch 127.0.0.1:9200\n  lab export --attach class.yaml --index datuak2",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if cfg.KafkaLogin, err = a.serverAt(c.Context(), at, "kafka", &kafka); err != nil {
				return err
			}
			if cfg.ElasticLogin, err = a.serverAt(c.Context(), at, "elasticsearch", &cfg.Elasticsearch); err != nil {
				return err
			}
			cfg.Kafka = strings.Split(kafka, ",")
			return a.export(c.Context(), cfg)
		},
	}
	f := command.Flags()
	addressFlag(command, &kafka, "kafka", "kafka", "HOST:PORT of Kafka brokers, with commas")
	addressFlag(command, &cfg.Elasticsearch, "elasticsearch", "elasticsearch", "HOST:PORT of Elasticsearch")
	at.flags(command, "its kafka and elasticsearch, with their logins")
	f.StringVar(&cfg.Topic, "topic", "smart", "Kafka topic")
	f.StringVar(&cfg.Rejected, "rejected", "", "Kafka topic for messages that aren't rows (default: TOPIC-rejected)")
	f.StringVar(&cfg.Index, "index", "datuak", "index")
	f.StringVar(&cfg.Group, "group", "", "consumer group: names the offsets that Kafka keeps (default: hoplab-exporter-TOPIC-INDEX)")
	f.BoolVar(&cfg.FromBeginning, "from-beginning", false, "read the whole topic again, whatever was exported before")
	return command
}

func (a *app) export(ctx context.Context, cfg exporter.Config) error {
	e, err := exporter.New(cfg)
	if err != nil {
		return usageError{err}
	}
	if cfg.FromBeginning {
		a.err.Say("the group %s reads the topic from its beginning", e.Group())
	} else {
		a.err.Say("the group %s goes on after what it has exported; --from-beginning reads the whole topic again", e.Group())
	}
	err = a.counting(ctx, "export", e.Run, func() string {
		if trouble := e.Trouble(); trouble != nil {
			return fmt.Sprintf("trying again: %v", trouble)
		}
		s := e.Stats()
		return fmt.Sprintf("%s in Elasticsearch, %s committed", ui.Count(s.Written), ui.Count(s.Committed))
	})
	s := e.Stats()
	a.err.Say("%s read, %s in Elasticsearch, %s committed, %s not a row",
		ui.Count(s.Read), ui.Count(s.Written), ui.Count(s.Committed), ui.Count(s.Rejected))
	if err == nil {
		return errEnded // Ctrl-C is how an export ends
	}
	return err
}
