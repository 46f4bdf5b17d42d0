package report

import (
	"strings"
	"testing"
)

// TestItems: each check is counted over the class, also where a student hasn't it.
func TestItems(t *testing.T) {
	r := reports()["class"]
	items := r.Items()
	if len(items) != 4 || items[0].Check != "bridge-rows" || items[0].All != 3 || items[0].Passed != 1 || items[0].Failed != 1 || items[0].NotMade != 1 {
		t.Errorf("%+v", items)
	}
	if worst := r.worst(); len(worst) != 2 || worst[0].Check != "flink-rows" || worst[0].Failed != 2 || worst[1].Check != "bridge-rows" {
		t.Errorf("%+v", worst)
	}
}

// TestLate: late work shows what remains of its points, in each report.
func TestLate(t *testing.T) {
	r := Report{Students: []Student{{Name: "ane", ID: "7", Labs: []Grade{flinkLab()}, Late: "late by 3 h 0 min", Off: 15}, {Name: "bo", ID: "8", Labs: []Grade{flinkLab()}}}}
	if mark := r.Students[0].Mark(); mark != 4.25 {
		t.Errorf("mark %v", mark)
	}
	for format, text := range render(t, r) {
		want := map[string]string{"csv": "ane,7,5,5,10,late by 3 h 0 min,4.25\nbo,8,5,5,10,,5\n", "json": `"mark": 4.25`, "junit": "", "items": "", "classroom": ""}
		w, has := want[format]
		if !has {
			w = "5 of 10, late by 3 h 0 min: 4.25 after 15 % off"
		}
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", format, w, text)
		}
		if format == "json" {
			if err := valid(t, compiled(t), []byte(text)); err != nil {
				t.Error(err)
			}
		}
	}
	r.Students[1].Off = 5
	if _, err := r.CSV(); err == nil {
		t.Error("points are taken off for nothing")
	}
}
