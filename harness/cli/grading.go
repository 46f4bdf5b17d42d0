package cli

import (
	"context"
	"os"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/python"
)

// grading is a run on which files are checked.
type grading struct {
	*run.Run
	broker string
	python func(context.Context) (python.Env, error)
}

// openGrading opens a run with the components that labs name, one of the brokers for
// their mosquitto.
func (a *app) openGrading(ctx context.Context, components []string, o *stackOptions) (*grading, error) {
	broker, file, err := a.broker("", o)
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
	r, err := a.openRun(ctx, names, *o, file)
	if err != nil {
		return nil, err
	}
	return &grading{r, broker, a.clients}, nil
}

func (g *grading) grader(salt string) grade.Grader {
	self, _ := os.Executable() // without it a student's script can't call lab, and says so
	return grade.Grader{
		Sites: g, Access: g.Access, Broker: g.broker, Prefix: g.Prefix, Salt: salt, Lab: self, Scratch: g.Client.Dir(),
		Python: g.python, Healthy: g.Check,
	}
}

// servers are the run's, which are started again where a student's file ends one.
func (a *app) servers(s *grading, jobs int) *grade.Servers {
	return &grade.Servers{Check: s.Check, During: s.During, Mend: s.Mend, Jobs: jobs, Say: a.err.Say}
}

// sweep removes, at the end, what couldn't be removed while a server was dead.
func (a *app) sweep(s *grading, servers *grade.Servers) {
	if err := servers.Sweep(); err != nil && s.Shared() {
		a.err.Say("some of what was graded is still on the servers: %v", err)
	}
}
