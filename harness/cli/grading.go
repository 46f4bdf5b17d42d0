package cli

import (
	"context"
	"os"

	"hoplab.example/harness/exercise/grade"
)

// openGrading opens a stack on which files can be checked.
func (a *app) openGrading(ctx context.Context, components []string, o *stackOptions) (*grading, error) {
	if err := o.resolve(); err != nil {
		return nil, err
	}
	file, err := o.file()
	if err != nil {
		return nil, err
	}
	broker, err := a.chooseBroker("")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range components {
		if c == "mosquitto" {
			c = broker
		}
		names = append(names, c)
	}
	s, err := a.openStack(ctx, names, *o, file)
	if err != nil {
		return nil, err
	}
	return &grading{running: s, broker: broker}, nil
}

// grading is a stack on which files are checked.
type grading struct {
	*running
	broker string
}

func (s *grading) grader(salt string) grade.Grader {
	self, _ := os.Executable() // without it a student's script can't call lab, and says so
	return grade.Grader{
		Sites: s, Access: s.access, Broker: s.broker, Prefix: s.prefix, Salt: salt, Lab: self, Scratch: s.client.Dir(),
		Healthy: func(ctx context.Context) error { return s.client.Check(ctx, s.names) },
	}
}
