package report

import (
	"strings"
	"testing"
)

// TestWeights: a lab counts by its weight, however many points its checks have.
func TestWeights(t *testing.T) {
	flink, bridge := flinkLab(), bridgeLab() // 5 of 10, 4 of 4
	flink.Weight, bridge.Weight = 30, 10
	r := Report{Students: []Student{{Name: "ane", Labs: []Grade{flink, bridge}}, {Name: "bo", Labs: []Grade{flink, bridge}, Late: "late", Off: 10}}}
	if percent, ok := r.Students[0].Percent(); percent != 62.5 || !ok {
		t.Errorf("%v %%, want 62.5", percent)
	}
	below, _ := r.Below(62.5)
	if more, _ := r.Below(62.6); len(below) != 0 || len(more) != 2 {
		t.Errorf("below 62.5: %v, below 62.6: %v", below, more)
	}
	text, err := r.CSV()
	if err != nil || !strings.Contains(string(text), "ane,4,5,9,14,,9,62.50\nbo,4,5,9,14,late,8.1,56.25\n") {
		t.Errorf("%v\n%s", err, text)
	}
	data, err := r.JSON()
	if err != nil || !strings.Contains(string(data), `"weight": 30`) || valid(t, compiled(t), data) != nil {
		t.Errorf("%v\n%s", err, data)
	}
}
