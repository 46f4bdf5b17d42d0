package grade

import (
	"context"

	"hoplab.example/harness/exercise/lab"
)

func init() {
	register(lab.Kind{Name: "connector", Doc: "Kafka Connect runs the student's connector; then the rows are published"}, checkConnector)
	register(lab.Kind{Name: "kafka-count", Needs: []string{"connector"}, Doc: "the topic has as many records as rows were published"}, checkKafkaCount)
	register(lab.Kind{Name: "kafka", Needs: []string{"connector"}, Doc: "each record holds its row, value by value"}, checkKafka)
}

// checkConnector starts the student's connector, and sends the rows once its
// task runs.
func checkConnector(ctx context.Context, a *attempt, _ lab.Check) verdict {
	carrier, err := a.student.StartConnect(ctx)
	if err != nil {
		return failed(err)
	}
	a.undo = append(a.undo, func() { carrier.Stop() })
	if err := a.publish(ctx); err != nil {
		return broken(err)
	}
	return passed()
}

func checkKafkaCount(ctx context.Context, a *attempt, _ lab.Check) verdict {
	return counted(ctx, a.ours.KafkaProbe().Count, a.oracle.Count())
}

func checkKafka(ctx context.Context, a *attempt, _ lab.Check) verdict {
	topic := a.ours.KafkaProbe()
	topic.Unkeyed = true // Kafka Connect's records have no key
	return judged(topic.Check(ctx, a.oracle))
}
