package grade

import (
	"context"

	"hoplab.example/harness/exercise/lab"
)

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
