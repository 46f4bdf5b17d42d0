package grade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/mixed"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

func init() {
	good := lab.Option{Name: "good", Type: lab.TextOption, Required: true, Doc: "the topic of what is right, such as ${topic}-good"}
	dead := lab.Option{Name: "dead", Type: lab.TextOption, Required: true, Doc: "the topic of what is not, such as ${topic}-dead, whose records are JSON with the fields message and reason"}
	after := []string{"job"}
	register(lab.Kind{Name: "split", Needs: after, Options: []lab.Option{good, dead},
		Doc: "each message that was sent is in one of two topics, once: a row in the one, what holds no row in the other"}, checkSplit)
	register(lab.Kind{Name: "rows-in", Needs: after, Options: []lab.Option{good},
		Doc: "a topic has the rows of publishers of both versions, value by value, under the names of the old one"}, checkRowsIn)
	register(lab.Kind{Name: "units-in", Needs: after, Options: []lab.Option{good},
		Doc: "each row in a topic has the new publisher's field unit, those of the old publisher too"}, checkUnitsIn)
	register(lab.Kind{Name: "dead-letters", Needs: after, Options: []lab.Option{dead},
		Doc: "each dead letter says why it is one, and not all say the same"}, checkDeadLetters)
}

// ownTopic returns the topic that an option names.
func (a *attempt) ownTopic(c lab.Check, option string) (topic.Topic, error) {
	name, err := a.own(c, option)
	return topic.Topic{Addr: a.ours.Kafka(), Name: name, Login: a.ours.Access["kafka"]}, err
}

// records calls visit with the value of each record of a topic that an option names.
func (a *attempt) records(ctx context.Context, c lab.Check, option string, visit func([]byte)) error {
	t, err := a.ownTopic(c, option)
	if err != nil {
		return err
	}
	return t.Each(ctx, func(m kafka.Message) error { visit(m.Value); return nil })
}

// deadLetter is a record of the topic of dead letters.
type deadLetter struct {
	Message, Reason string
	value           []byte // the record
	unnamed         bool   // it has no field message
}

// deadLetters reads them. A record that isn't one counts as a letter without a message.
func (a *attempt) deadLetters(ctx context.Context, c lab.Check) (all []deadLetter, err error) {
	err = a.records(ctx, c, "dead", func(value []byte) {
		var one deadLetter
		if json.Unmarshal(value, &one) != nil {
			one = deadLetter{}
		}
		one.value, one.unnamed = value, !bytes.Contains(bytes.ToLower(value), []byte(`"message"`))
		all = append(all, one)
	})
	return all, err
}

// checkSplit follows each message into the topic in which it should be.
func checkSplit(ctx context.Context, a *attempt, c lab.Check) verdict {
	good, inGood, inDead := int64(0), map[string]int{}, map[string]int{}
	var tally splitTally
	err := a.records(ctx, c, "good", func(value []byte) {
		good++
		if _, err := wisdm.ParseMessage(value); err != nil {
			tally.note("records of the good topic aren't rows", fmt.Sprintf("%s: %v", printable.Clip(string(value), 100), err))
		}
		inGood[rowOf(value)]++
	})
	letters, failure := a.deadLetters(ctx, c)
	if err := errors.Join(err, failure); err != nil {
		return broken(err)
	}
	for _, one := range letters {
		if inDead[one.Message]++; one.unnamed {
			tally.note("dead letters have no field message", printable.Clip(string(one.value), 100))
		}
	}
	err = mixed.Messages(a.input, a.lab.Broken, func(r wisdm.Row, message []byte, broken bool) error {
		row := rowOf(message)
		if broken && row == "" { // the row that it is made of
			row = rowOf(wisdm.AppendMessage(nil, r))
		}
		in := inGood[row]
		if !broken { // a broken message that was taken for a row comes next, and may have its name
			in = min(1, in)
			inGood[row] -= in
		}
		tally.add(string(message), broken, in, inDead[string(message)])
		return nil
	})
	if err != nil {
		return broken(err)
	}
	left := 0
	for _, n := range inGood {
		left += n
	}
	v := tally.verdict()
	if v.outcome == hop.Passed && left > 0 {
		v = failed(fmt.Errorf("%d rows are there more than once", left))
	}
	found := good + int64(len(letters))
	if v.outcome == hop.Passed && found != tally.sent {
		v = failed(fmt.Errorf("%d records are in the two topics, and %d messages were sent: %d are no message of those", found, tally.sent, found-tally.sent))
	}
	v.expected = fmt.Sprintf("%d rows and %d dead letters, %d messages", tally.sent-tally.broken, tally.broken, tally.sent)
	v.actual = fmt.Sprintf("%d and %d, %d", good, len(letters), found)
	return v
}

// rowOf names the row that a message is, or was, as far as its fields say; "" where it is no
// object.
func rowOf(message []byte) string {
	var row *struct{ Usid, Device, Sensor, Seq any }
	if json.Unmarshal(message, &row) != nil || row == nil {
		return ""
	}
	return fmt.Sprint(*row)
}

// splitTally counts what became of the messages, with an example of each fate.
type splitTally struct {
	sent, broken int64
	fates        []string // in the order in which they were seen
	count        map[string]int
	example      map[string]string
}

func (t *splitTally) add(message string, broken bool, good, dead int) {
	t.sent++
	want, fate := [2]int{1, 0}, ""
	if broken {
		t.broken++
		want = [2]int{0, 1}
	}
	switch {
	case good == want[0] && dead == want[1]:
		return
	case good+dead == 0:
		fate = "are in neither topic"
	case good > 0 && dead > 0:
		fate = "are in both topics"
	case broken == (dead == 0):
		fate = "are in the wrong topic"
	default:
		fate = "are there more than once"
	}
	t.note(map[bool]string{true: "broken messages ", false: "rows "}[broken]+fate, printable.Clip(message, 100))
}

// note counts a fate.
func (t *splitTally) note(fate, example string) {
	if t.count == nil {
		t.count, t.example = map[string]int{}, map[string]string{}
	}
	if t.count[fate]++; t.count[fate] == 1 {
		t.fates, t.example[fate] = append(t.fates, fate), example
	}
}

func (t *splitTally) verdict() verdict {
	if len(t.fates) == 0 {
		return passed()
	}
	var lines []string
	for _, fate := range t.fates {
		lines = append(lines, fmt.Sprintf("%d %s, such as %s", t.count[fate], fate, printable.Clip(t.example[fate], 240)))
	}
	return failed(errors.New(strings.Join(lines, "\n")))
}

// checkRowsIn reads the topic as a program does that knows the old publisher only.
func checkRowsIn(ctx context.Context, a *attempt, c lab.Check) verdict {
	t, err := a.ownTopic(c, "good")
	if err != nil {
		return broken(err)
	}
	return judged(probe.Kafka{Topic: t, Unkeyed: true}.Check(ctx, a.oracle))
}

func checkUnitsIn(ctx context.Context, a *attempt, c lab.Check) verdict {
	wrong, first := 0, ""
	err := a.records(ctx, c, "good", func(value []byte) {
		var row struct{ Sensor, Unit string }
		if json.Unmarshal(value, &row) == nil && row.Unit == mixed.Units[row.Sensor] {
			return
		}
		if wrong++; wrong == 1 {
			first = printable.Clip(string(value), 240)
		}
	})
	switch {
	case err != nil:
		return broken(err)
	case wrong > 0:
		return failed(fmt.Errorf("%d rows lack the right unit, the first is %s", wrong, first))
	}
	return passed()
}

func checkDeadLetters(ctx context.Context, a *attempt, c lab.Check) verdict {
	letters, err := a.deadLetters(ctx, c)
	if err != nil {
		return broken(err)
	}
	var reasons []string
	for _, one := range letters {
		if strings.TrimSpace(one.Reason) == "" {
			return failed(fmt.Errorf("no reason is given for the dead letter %s", printable.Clip(one.Message, 100)))
		}
		if !slices.Contains(reasons, one.Reason) {
			reasons = append(reasons, one.Reason)
		}
	}
	if len(reasons) < 2 {
		return failed(fmt.Errorf("all %d dead letters have the reason %q, though some are no JSON and others lack a value", len(letters), strings.Join(reasons, "")))
	}
	return passed()
}
