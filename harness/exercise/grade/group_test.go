package grade

import (
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/rows/wisdm"
)

func TestUnshared(t *testing.T) {
	for _, c := range []struct {
		state   string
		owned   [][]int
		members int
		want    string
	}{
		{"Stable", [][]int{{0, 1, 2}}, 1, ""},
		{"Stable", [][]int{{0}, {1}, {2}, nil}, 4, ""},
		{"Empty", nil, 1, "knows no member"},
		{"Stable", [][]int{{0, 1, 2}}, 3, "knows 1 members of the group, want 3"},
		{"PreparingRebalance", [][]int{{0}, {1}, {2}}, 3, "still PreparingRebalance"},
		{"Stable", [][]int{{0}, {1}, nil}, 3, "of 3 partitions 2 have an owner"},
		{"Stable", [][]int{{0, 1}, {2}, nil}, 3, "a member has 2 partitions, and another one 0"},
	} {
		err := unshared(c.state, c.owned, c.members)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %v: %v, want %q", c.state, c.owned, err, c.want)
		}
	}
}

func TestComputed(t *testing.T) {
	for sum, want := range map[string]string{
		"3": "3", "9 - 6": "3", "(7 + 2) / 3": "3", "(7 + 2)//3": "3", "1 / 0": "1 / 0", "three": "three", "": "",
		"f()": "f()", "1 << 9": "1 << 9", strings.Repeat("9*", 30) + "9": strings.Repeat("9*", 30) + "9",
	} {
		if got := computed(sum); got != want {
			t.Errorf("%q is %q, want %q", sum, got, want)
		}
	}
}

// TestKeysAgain: rows that come again are in order if they came in order at first.
func TestKeysAgain(t *testing.T) {
	message := func(seq int64) kafka.Message {
		row := wisdm.Row{Subject: 1600, Activity: "A", Device: "phone", Sensor: "accel", Seq: seq, Time: wisdm.DefaultBase}
		return kafka.Message{Key: []byte("1600"), Value: wisdm.AppendMessage(nil, row)}
	}
	for _, c := range []struct {
		seqs  []int64
		again bool
		ok    bool
	}{
		{[]int64{1, 2, 3}, false, true},
		{[]int64{1, 2, 1, 2, 3}, false, false},
		{[]int64{1, 2, 1, 2, 3}, true, true},
		{[]int64{1, 3, 2}, true, false},
	} {
		k := keys{fields: []string{"usid"}, parts: map[string]int{}, seq: map[wisdm.Stream]int64{}}
		if c.again {
			k.seen = map[string]bool{}
		}
		var err error
		for _, seq := range c.seqs {
			if err = k.wrong(message(seq)); err != nil {
				break
			}
		}
		if (err == nil) != c.ok {
			t.Errorf("%v: %v", c.seqs, err)
		}
	}
}
