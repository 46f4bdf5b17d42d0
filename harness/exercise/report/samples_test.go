package report

import (
	"time"

	"hoplab.example/harness/verify/hop"
)

func flinkLab() Grade {
	return Grade{ID: "03-flink", Title: "Rows to tables", Checks: []Check{
		{ID: "flink-table", Title: "The table reads the topic.", Outcome: hop.Passed, Points: 2, Max: 2, Took: 1500 * time.Millisecond},
		{ID: "flink-rows", Title: "Each row comes once.", Outcome: hop.Failed, Points: 3, Max: 5, Hidden: true, Took: 250 * time.Millisecond,
			Reason: "1 row of 3000 is missing", Rationale: "A row that is lost changes each mean.", Hint: "Look at scan.startup.mode.",
			Expected: "1600 A 1.5\n1600 B 2.5", Actual: "1600 A 1.5"},
		{ID: "flink-late", Title: "Late rows count.", Outcome: hop.Skipped, Max: 3, Reason: "flink-rows failed"},
	}}
}

func bridgeLab() Grade {
	return Grade{ID: "02-bridge", Title: "MQTT to Kafka", Checks: []Check{
		{ID: "bridge-rows", Title: "Each message is in the topic.", Outcome: hop.Passed, Points: 4, Max: 4, Took: time.Second},
	}}
}

// hostile is what a student could write to change what others read.
const hostile = "</td></tr></table><script src=\"http://evil.example/x.js\">alert(1)</script> | cell | `code` **bold** [a](http://evil.example) @teacher #12 www.evil.example <!-- ]]>\n| new | row |\n\n# head\x1b[2J\x00\u202e\xff"

func hostileLab() Grade {
	return Grade{ID: "02-bridge", Title: "MQTT to Kafka", Checks: []Check{
		{ID: "bridge-rows", Title: "Each message is in the topic.", Outcome: hop.Failed, Max: 4, Reason: hostile, Expected: "a < b", Actual: hostile},
	}}
}

func unsoundLab() Grade {
	return Grade{ID: "02-bridge", Title: "MQTT to Kafka", Checks: []Check{
		{ID: "bridge-rows", Title: "Each message is in the topic.", Outcome: hop.Error, Max: 4, Reason: "Kafka gave no answer", Hint: "Grade again."},
	}}
}

// reports are named as their golden files. None is in order.
func reports() map[string]Report {
	return map[string]Report{
		"none": {},
		"one":  {Students: []Student{{Name: "ane", Labs: []Grade{flinkLab(), bridgeLab()}}}},
		"class": {Students: []Student{
			{Name: "zuriñe", Labs: []Grade{unsoundLab(), flinkLab()}},
			{Name: "=cmd|' /C calc'!A1", Labs: []Grade{hostileLab()}},
			{Name: "ane", Labs: []Grade{flinkLab(), bridgeLab()}},
			{Name: "<b>mikel</b>", Labs: nil},
			{Name: "no-checks", Labs: []Grade{{ID: "02-bridge", Title: "MQTT to Kafka"}}},
		}},
	}
}
