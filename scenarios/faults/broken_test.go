package faults

import (
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/experiment/fault"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
	"hoplab.example/labs"
)

// TestBroken: a job that leaves out what it needs is found to lose or repeat rows.
func TestBroken(t *testing.T) {
	testenv.AsProcesses(t, "broken jobs")
	s := scenario.Disturbed(t, fault.Core...)
	for _, test := range []struct {
		name, fault, old, new, want string
	}{
		{
			"a job that leaves rows out", "kill flink-taskmanager",
			"FROM `${table}`;", "FROM `${table}` WHERE MOD(seq, 10) <> 3;", "rows are lost",
		},
		{
			"a sink without a key", "kill flink-taskmanager",
			",\n  PRIMARY KEY (usid, device, sensor, seq) NOT ENFORCED", "", "a replay would leave duplicates",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result, err := named(t, test.fault).Run(t.Context(), fault.Options{Client: s.Run().Client, Stage: stage(t), Patience: 20 * time.Second, Files: replaced(t, test.old, test.new)})
			if err != nil {
				t.Fatal(err)
			}
			show(t, result)
			if !strings.Contains(result.Wrong, test.want) {
				t.Errorf("wrong = %q, want %q", result.Wrong, test.want)
			}
		})
	}
}

func named(t *testing.T, name string) fault.Case {
	t.Helper()
	for _, c := range fault.Cases() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no fault %q", name)
	return fault.Case{}
}

// replaced are our solutions, with one text in lab 7's file replaced.
func replaced(t *testing.T, old, new string) pipeline.Files {
	return func(lab, name string) (string, []byte, error) {
		label, text, err := labs.Solution(lab, name)
		if name != "recover.sql" {
			return label, text, err
		}
		if !strings.Contains(string(text), old) {
			t.Errorf("%s lacks %q: the test proves nothing", label, old)
		}
		return label, []byte(strings.Replace(string(text), old, new, 1)), err
	}
}
