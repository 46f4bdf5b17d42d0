package flink

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReduce reads what Flink 1.20.3's gateway answered to faulty statements.
// Of the traces' frames most are cut out.
func TestReduce(t *testing.T) {
	known := "blackhole, datagen, elasticsearch-7, kafka, print, upsert-kafka"
	want := map[string]string{
		"parse":            `2:8 unexpected "t"`,
		"parse_eof":        "1:13 the statement ends too early",
		"parse_ddl":        `1:26 unexpected "b"`,
		"lexical":          `1:8 unexpected "\""`,
		"unknown_table":    "2:6 Object 'nope' not found",
		"unknown_column":   "2:3 Column 'c' not found in any table",
		"unknown_function": "1:8 No match found for function signature FOO(<NUMERIC>)",
		"wrong_type":       "1:8 Cannot apply '+' to arguments of type '<BIGINT> + <BOOLEAN>'.",
		"hour":             "1:8 Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL HOUR> FROM <BIGINT>)'.",
		"insert_type":      "0:0 Column types of query result and sink for 'default_catalog.default_database.bh' do not match. Cause: Incompatible types for sink column 'a' at position 0.",
		"insert_unknown":   "0:0 Cannot find table '`default_catalog`.`default_database`.`nope`'",
		"connector":        "0:0 Could not find any factory for identifier 'kafkaa'. Available factory identifiers are: " + known,
		"option_unknown":   "0:0 Unsupported options found for 'datagen'. Unsupported options: foo",
		"window_time":      "0:0 The window function TUMBLE(TABLE table_name, DESCRIPTOR(timecol), datetime interval[, datetime interval]) requires the timecol",
		"cast":             "0:0 NumberFormatException: For input string: 'x'. Invalid character found.",
		"division":         "0:0 ArithmeticException: / by zero",
	}
	files, err := filepath.Glob("testdata/errors/*.json")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d recorded answers, want %d (%v)", len(files), len(want), err)
	}
	for _, file := range files {
		f := reduce(recordedErrors(t, file))
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		got := at(f.line, f.column) + " " + f.reason
		if want[name] == "" || !strings.HasPrefix(got, want[name]) {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want[name])
		}
		if strings.HasPrefix(name, "parse") && got != want[name] {
			t.Errorf("%s: got %s, with more than %s", name, got, want[name])
		}
		if strings.ContainsAny(f.reason, "\n\t") || strings.Contains(f.reason, "Exception:") && strings.Contains(f.reason, "flink.") {
			t.Errorf("%s: Java is left in %q", name, f.reason)
		}
		if Hint(f.reason) == "" {
			t.Errorf("%s: no hint for %q", name, f.reason)
		}
	}
}

func recordedErrors(t *testing.T, file string) []string {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Errors []string }
	if err := json.Unmarshal(body, &said); err != nil || len(said.Errors) == 0 {
		t.Fatalf("%s: no errors in it (%v)", file, err)
	}
	return said.Errors
}

func TestReduceMadeUp(t *testing.T) {
	for _, test := range []struct {
		name, want string
		texts      []string
	}{
		{"nothing", "it gave no reason", nil},
		{"a sentence", "Not found: /v9", []string{"Not found: /v9"}},
		{"only a class", "IllegalStateException", []string{"java.lang.IllegalStateException\n\tat a.B.c(D.java:1)\n"}},
		{"the last cause is only a class", "RuntimeException: bulk failed (TimeoutException)",
			[]string{"a.B: Job failed\n\tat c\nCaused by: java.lang.RuntimeException: bulk failed\n\t... 1 more\nCaused by: java.util.concurrent.TimeoutException\n\t... 2 more\n"}},
		{"a NullPointerException is Java's matter", "ElasticsearchException: Unable to parse response body (NullPointerException)",
			[]string{"org.e.ElasticsearchException: Unable to parse response body\n\tat c\nCaused by: java.lang.NullPointerException: Cannot invoke x\n\t... 2 more\n"}},
		{"a thin one takes its context along", "Cannot reach h:1: ConnectException: Connection refused",
			[]string{"a.B: Cannot reach h:1\n\tat c\nCaused by: java.net.ConnectException: Connection refused\n\tat d\n"}},
		{"Elasticsearch's names the field", "ElasticsearchException: Elasticsearch exception [type=mapper_parsing_exception, reason=failed to parse field [seen] of type [date]]",
			[]string{"a.B: An error occurred in ElasticsearchSink.\n\tat c\nCaused by: org.e.ElasticsearchException: Elasticsearch exception [type=mapper_parsing_exception, reason=failed to parse field [seen] of type [date]]\n\tat d\n" +
				"Caused by: org.e.ElasticsearchException: Elasticsearch exception [type=date_time_parse_exception, reason=Failed to parse with all enclosed parsers]\n\t... 2 more\n"}},
		{"but not a wrapper", "ConnectException: Connection refused",
			[]string{"a.B: Recovery is suppressed by X\n\tat c\nCaused by: java.net.ConnectException: Connection refused\n\tat d\n"}},
		{"a message that is only a class", "B: told (C)",
			[]string{"a.B: told\n\tat c\nCaused by: a.C: a.d.E\n\tat d\n"}},
		{"Kafka's cause names no topic", "Failed to get metadata for topics [x]: UnknownTopicOrPartitionException: no such",
			[]string{"a.B: Failed to get metadata for topics [x].\n\tat c\nCaused by: java.util.concurrent.ExecutionException: o.kafka.common.errors.UnknownTopicOrPartitionException: no such\n\tat d\n" +
				"Caused by: o.kafka.common.errors.UnknownTopicOrPartitionException: no such\n"}},
		{"few alternatives", `unexpected "x", expected ")" or ","`,
			[]string{"org.apache.calcite.sql.parser.SqlParseException: Encountered \"x\" at line 1, column 2.\nWas expecting one of:\n    \")\" ...\n    \",\" ...\n    \n\tat c\n"}},
		{"the place of another text", "JsonParseException: bad, at line 3, column 4",
			[]string{"com.f.JsonParseException: bad,\n at line 3, column 4\n\tat c\n"}},
		{"suppressed ones don't count", "E: real",
			[]string{"a.E: real\n\tat c\n\tSuppressed: a.F: not this\n\t\tat d\n\tCaused by: a.G: nor this\n\t\tat e\n"}},
		{"a cause that a suppressed exception had first", "IOException: Unable to parse response body",
			[]string{"a.E: Could not perform checkpoint\n\tSuppressed: a.F: in the sink\n\t\tat d\n\tCaused by: java.io.IOException: Unable to parse response body\n\t\tat e\n" +
				"Caused by: a.F: in the sink\n\t... 2 more\nCaused by: [CIRCULAR REFERENCE: java.io.IOException: Unable to parse response body]\n"}},
		{"Elasticsearch's own way", "ElasticsearchStatusException: Elasticsearch exception [type=x, reason=Header [y] is not supported]",
			[]string{"a.F: in the sink\n\tat c\nCaused by: [CIRCULAR REFERENCE: ElasticsearchStatusException[Elasticsearch exception [type=x, reason=Header [y] is not supported]]]\n"}},
		{"Elasticsearch's own way, with what is nested in it",
			"ElasticsearchException: Elasticsearch exception [type=mapper_parsing_exception, reason=failed to parse field [at] of type [date]. Preview of field's value: 'noon']",
			[]string{"a.F: in the sink\n\tat c\nCaused by: java.lang.RuntimeException: An error occurred in ElasticsearchSink.\n\t... 2 more\n" +
				"Caused by: [CIRCULAR REFERENCE: ElasticsearchException[Elasticsearch exception [type=mapper_parsing_exception, reason=failed to parse field [at] of type [date]. " +
				"Preview of field's value: 'noon']]; nested: ElasticsearchException[Elasticsearch exception [type=illegal_argument_exception, reason=failed to parse date field [noon]]];]\n"}},
	} {
		f := reduce(test.texts)
		if f.reason != test.want || test.name == "the place of another text" && f.line != 0 {
			t.Errorf("%s\ngot  %+v\nwant %q", test.name, f, test.want)
		}
	}
}

func TestLongReasonIsCut(t *testing.T) {
	f := reduce([]string{"a.B: " + strings.Repeat("ñ", 5000) + "\n\tat c\n"})
	if n := len([]rune(f.reason)); n > reasonWidth+2 || !strings.HasSuffix(f.reason, "…") {
		t.Errorf("%d characters, ending in %q", n, f.reason[len(f.reason)-10:])
	}
}
