package flink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

// open opens a session at a fake that answers with the recorded pages.
func open(t *testing.T, pages string) (*fake, *Session) {
	t.Helper()
	f, client := newFake(t)
	if pages != "" {
		f.pages(pages)
	}
	session, err := client.OpenSession(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return f, session
}

func TestRunKinds(t *testing.T) {
	for _, test := range []struct {
		pages string
		kind  Kind
		job   bool
		rows  [][]any
	}{
		{"ddl", Done, false, nil},
		{"insert", Started, true, nil},
		{"show", Rows, false, [][]any{{"bh"}}},
		{"empty", Rows, true, nil},
		{"paged", Rows, true, [][]any{{int64(1)}, {int64(2)}, {int64(3)}}},
		{"count", Rows, true, [][]any{{int64(3)}}},
		{"groups", Rows, true, [][]any{{"x", int64(3)}, {"y", int64(2)}, {"z", int64(1)}}},
		{"filtered", Rows, true, [][]any{{"y", int64(1)}, {"z", int64(1)}}},
	} {
		f, session := open(t, test.pages)
		got, err := session.Run(t.Context(), Statement{Text: "x"})
		if err != nil {
			t.Errorf("%s: %v", test.pages, err)
			continue
		}
		if got.Kind != test.kind || (got.JobID != "") != test.job || !reflect.DeepEqual(got.Rows, test.rows) {
			t.Errorf("%s: got %+v, want %+v", test.pages, *got, test)
		}
		if got.Kind == Rows && len(got.Columns) == 0 {
			t.Errorf("%s: no columns", test.pages)
		}
		if n := f.count("DELETE " + operation + "/close"); n != 1 {
			t.Errorf("%s: the operation was closed %d times", test.pages, n)
		}
	}
}

func TestRunTypes(t *testing.T) {
	_, session := open(t, "types")
	got, err := session.Run(t.Context(), Statement{Text: "x"})
	if err != nil || len(got.Rows) != 1 {
		t.Fatal(got, err)
	}
	want := []string{
		"a INTEGER NOT NULL int64 1", "b BIGINT NOT NULL int64 9007199254740993", "c DOUBLE NOT NULL float64 1.5",
		"n DOUBLE NOT NULL float64 NaN", "inf DOUBLE NOT NULL float64 -Inf", "s CHAR(3) NOT NULL string x'y",
		"t BOOLEAN NOT NULL bool true", "nul STRING <nil> <nil>", "d DATE NOT NULL string 2024-01-02",
		"ts TIMESTAMP(3) NOT NULL string 2024-01-02T03:04:05.678", "ltz TIMESTAMP_LTZ(3) NOT NULL string 2024-01-02T03:04:05.678Z",
		"dec1 DECIMAL(10, 2) NOT NULL string 1.1", "arr ARRAY<INTEGER> NOT NULL string [1,2]",
		`m MAP<CHAR(1), INTEGER> NOT NULL string {"a":1}`, "r ROW<`EXPR$0` INTEGER, `EXPR$1` CHAR(1)> NOT NULL string " + `{"EXPR$0":1,"EXPR$1":"b"}`,
		"bin BINARY(2) NOT NULL string /wA=", "tm TIME(0) NOT NULL string 01:02:03", "ti TINYINT NOT NULL int64 1",
		"f FLOAT NOT NULL float64 1.5", "ch CHAR(3) NOT NULL string ab ", "vc VARCHAR(5) NOT NULL string v", "nb BIGINT <nil> <nil>",
	}
	if len(got.Columns) != len(want) {
		t.Fatalf("%d columns, want %d", len(got.Columns), len(want))
	}
	for i, c := range got.Columns {
		null := " NOT NULL"
		if c.Nullable {
			null = ""
		}
		if line := fmt.Sprintf("%s %s%s %T %[4]v", c.Name, c.Type, null, got.Rows[0][i]); line != want[i] {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
	if f, ok := got.Rows[0][3].(float64); !ok || !math.IsNaN(f) {
		t.Errorf("NaN came as %v", got.Rows[0][3])
	}
}

func TestRunTellsPlaceAndHint(t *testing.T) {
	f, session := open(t, "")
	f.on("GET "+operation+"/result/0", string(recording(t, "errors/unknown_table.json")))
	statements, err := Parse("labs/a.sql", "SELECT 1;\n\n  SELECT a\nFROM nope;\nSELECT 3;", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.on("POST /v2/sessions/S/statements", `{"operationHandle":"O"}`)
	_, err = session.Run(t.Context(), statements[1])
	var sql *SQLError
	if !errors.As(err, &sql) {
		t.Fatalf("got %v, want a *SQLError", err)
	}
	if want := "labs/a.sql:4:6: Object 'nope' not found"; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
	if sql.Statement != "SELECT a …" || !strings.Contains(sql.Hint(), "CREATE TABLE") {
		t.Errorf("statement %q, hint %q", sql.Statement, sql.Hint())
	}
	if _, err := session.RunAll(t.Context(), statements); err == nil || f.count("POST /v2/sessions/S/statements") != 2 {
		t.Errorf("RunAll went on after an error: %v", f.asked)
	}
}

func TestRunWithoutPlaceTellsTheStatement(t *testing.T) {
	f, session := open(t, "")
	f.on("GET "+operation+"/result/0", string(recording(t, "errors/connector.json")))
	_, err := session.Run(t.Context(), Statement{Text: "SELECT 1", File: "a.sql", Line: 7})
	if err == nil || !strings.HasPrefix(err.Error(), "a.sql:7:1: Could not find any factory for identifier 'kafkaa'") {
		t.Errorf("got %v", err)
	}
}

// endless is a page after which there is always one more.
const endless = `{"resultType":"PAYLOAD","isQueryResult":true,"jobID":"J","resultKind":"SUCCESS_WITH_CONTENT",` +
	`"results":{"columns":[{"name":"a","logicalType":{"type":"INTEGER"}}],"data":[]},"nextResultUri":"` + operation + `/result/0"}`

func TestCancelledQueryIsClosed(t *testing.T) {
	f, session := open(t, "")
	f.on("GET "+operation+"/result/0", `{"resultType":"NOT_READY","nextResultUri":"`+operation+`/result/0"}`, endless)
	f.on("GET /jobs/J/exceptions", string(recording(t, "job_exceptions.json")))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := session.Run(ctx, Statement{Text: "SELECT 1", File: "a.sql", Line: 7})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the context's error", err)
	}
	if want := "wait for Flink job J: context deadline exceeded; its last failure: ArithmeticException: / by zero"; !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want …%s", err, want)
	}
	if f.count("DELETE "+operation+"/close") != 1 {
		t.Errorf("the operation wasn't closed: %v", f.asked)
	}
	if n := f.count("GET " + operation + "/result/0"); n < 2 || n > 12 {
		t.Errorf("it asked %d times in 100 ms", n)
	}
}

func TestBadAnswers(t *testing.T) {
	for _, test := range []struct{ page, want string }{
		{`<html>`, "read the answer of Flink's SQL Gateway"},
		{`{"resultType":"PAYLOAD","resultKind":"SUCCESS"}`, "names no next page"},
		{strings.Replace(endless, `[]`, `[{"kind":"INSERT","fields":[1,2]}]`, 1), "a row of 2 fields for 1 columns"},
		{strings.Replace(endless, `[]`, `[{"kind":"INSERT","fields":["x"]}]`, 1), "read column a of type INTEGER"},
		{strings.Replace(endless, `[]`, `[{"kind":"DELETE","fields":[1]}]`, 1), "no such row was inserted before"},
		{strings.Replace(endless, `[]`, `[{"kind":"UPSERT","fields":[1]}]`, 1), `unknown kind "UPSERT"`},
	} {
		f, session := open(t, "")
		f.on("GET "+operation+"/result/0", test.page)
		_, err := session.Run(t.Context(), Statement{Text: "x", File: "a.sql", Line: 1})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want …%s", err, test.want)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	client := New(addr, addr)
	_, opened := client.OpenSession(t.Context(), nil)
	_, listed := client.Jobs(t.Context())
	for _, err := range []error{opened, listed} {
		if err == nil || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "connection refused; is the stack up? `lab status`") {
			t.Errorf("got %v", err)
		}
	}
}

func TestTooManyRows(t *testing.T) {
	for _, fill := range []func(*reader){func(r *reader) { r.table.live = maxRows }, func(r *reader) { r.bytes = maxBytes }} {
		r := newReader()
		r.head([]wireColumn{{"a", logicalType{Type: "INTEGER"}}})
		fill(r)
		err := r.change(wireRow{"INSERT", []json.RawMessage{json.RawMessage("1")}})
		if err == nil || !strings.Contains(err.Error(), "more than 2000000 rows or 256 MiB") {
			t.Errorf("got %v", err)
		}
	}
}
