package traps

import (
	"fmt"
	"testing"

	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
)

// everyOther is what the original lab's publisher made of its input: it called readline
// twice per loop, and sent one of the two lines.
// Symptom: no error; half of the rows are missing at the first hop already.
// Right: read one line per loop, and see from that line whether the file has ended.
type everyOther struct{ wisdm.Input }

func (e everyOther) Open() (wisdm.Source, error) {
	source, err := e.Input.Open()
	return skipping{source}, err
}

type skipping struct{ wisdm.Source }

func (s skipping) Read() (wisdm.Row, error) {
	if _, err := s.Source.Read(); err != nil {
		return wisdm.Row{}, err
	}
	return s.Source.Read() // here
}

// TestEveryOtherRow runs with both brokers: neither has what isn't published.
func TestEveryOtherRow(t *testing.T) {
	for _, broker := range testenv.Brokers {
		t.Run(broker, func(t *testing.T) {
			p := scenario.Exactly(t, broker).Pipeline()
			input, oracle := scenario.Rows(t, 2, rows)
			heard, err := p.Subscribe(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer heard.Close()
			said, err := publish.Run(t.Context(), p.PublishConfig(everyOther{input}))
			if err != nil || said.Acked != rows/2 {
				t.Fatalf("published %+v, %v; want %d rows and no error", said, err, rows/2)
			}
			scenario.Await(t, heard.Count, rows/2)
			scenario.Fails(t, heard.Check(t.Context(), oracle), fmt.Sprintf("expected %d rows, got %d: %d missing", rows, rows/2, rows/2))
		})
	}
}
