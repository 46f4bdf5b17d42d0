package grade

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/verify/hop"
)

const tidyLimit = time.Minute

// tidy ends what the attempt has started, and removes what it has made.
func (a *attempt) tidy() {
	for i := len(a.undo) - 1; i >= 0; i-- {
		a.undo[i]()
	}
	if a.Stays != nil {
		a.Stays(a.remove)
		return
	}
	if err := a.remove(); err != nil && a.Left != nil { // otherwise they do no harm: names are never used again
		a.Left(a.remove)
	}
}

// remove ends jobs and connectors before it removes what they write.
func (a *attempt) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
	defer cancel()
	if a.job != "" {
		a.ours.Flink().Cancel(ctx, a.job) // Remove finds it by its name only
	}
	errs := []error{cleanup.Remove(ctx, a.ours), cleanup.RemoveNamed(ctx, a.ours)}
	for _, id := range a.clients() {
		errs = append(errs, cleanup.RemoveSession(ctx, a.ours, id))
	}
	return errors.Join(errs...)
}

var clientID = regexp.MustCompile(`\bclientId=([^&"\s]+)`)

// clients returns the names, besides the usual one, under which the student's connector
// may have had the broker keep messages.
func (a *attempt) clients() (ids []string) {
	if a.lab.Hop != hop.Kafka {
		return nil
	}
	for _, name := range a.lab.Files {
		_, text, _ := a.open(name) // what the fence refuses has never run
		filled, _ := a.student.Fill(name, string(text))
		for _, found := range clientID.FindAllStringSubmatch(filled, -1) {
			if strings.HasPrefix(found[1], a.student.Params()["client"]+"-") {
				ids = append(ids, found[1])
			}
		}
	}
	return ids
}
