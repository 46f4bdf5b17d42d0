package standin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

const searchLimit = 30 * time.Second

// search sends the one query of a request to its data source, as provisioning.Query
// has it, and answers with frames.
func (g *Grafana) search(body map[string]any) (int, any) {
	frames, err := g.ask(body)
	if err != nil {
		return http.StatusBadRequest, object{"results": object{"A": object{"status": http.StatusBadRequest, "error": err.Error(), "frames": []any{}}}}
	}
	return http.StatusOK, frames
}

func (g *Grafana) ask(body map[string]any) (string, error) {
	queries, _ := body["queries"].([]any)
	if len(queries) != 1 {
		return "", fmt.Errorf("this stand-in takes one query, not %d", len(queries))
	}
	target, _ := queries[0].(map[string]any)
	ref, _ := target["datasource"].(map[string]any)
	source := g.Sources[fmt.Sprint(ref["uid"])]
	if source == nil {
		return "", fmt.Errorf("data source %v not found", ref["uid"])
	}
	files, err := asFiles(source, target, body)
	if err != nil {
		return "", err
	}
	read, err := provisioning.ReadFiles(files, provisioning.Options{})
	if err != nil {
		return "", err
	}
	p := read.Panels[0]
	query, err := read.Query(p)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), searchLimit)
	defer cancel()
	at := strings.TrimSuffix(fmt.Sprint(source["url"]), "/") + "/" + p.View.Index + "/_search"
	answer, err := httpjson.Send(ctx, dial.Client(loginOf(source)), httpjson.Request{Method: http.MethodPost, URL: at, Body: query})
	if err == nil && answer.Code != http.StatusOK {
		err = answer.Refusal()
	}
	if err != nil {
		return "", err
	}
	table, err := panel.Read(p, answer.Body)
	if err != nil {
		return "", err
	}
	return Frames(p, table, target, false)
}

// asFiles has the query as the only panel of a dashboard, and its data source.
func asFiles(source, target, body map[string]any) ([]provisioning.File, error) {
	sources, err := json.Marshal(object{"datasources": []any{source}})
	if err != nil {
		return nil, err
	}
	kind := "table"
	if buckets, _ := target["bucketAggs"].([]any); slices.ContainsFunc(buckets, func(b any) bool {
		bucket, _ := b.(map[string]any)
		return bucket["type"] == string(panel.DateHistogram)
	}) {
		kind = "timeseries"
	}
	dashboard, err := json.Marshal(object{
		"uid": "query", "title": "query", "schemaVersion": 39, "time": object{"from": clock(body["from"]), "to": clock(body["to"])},
		"panels": []any{object{"id": 1, "title": "query", "type": kind, "targets": []any{target}}},
	})
	return []provisioning.File{{Name: "sources.yaml", Text: sources}, {Name: "query.json", Text: dashboard}}, err
}

// clock makes milliseconds since 1970, as the browser sends them, a time of a dashboard.
func clock(ms any) string {
	n, err := strconv.ParseInt(fmt.Sprint(ms), 10, 64)
	if err != nil {
		return fmt.Sprint(ms)
	}
	return time.UnixMilli(n).UTC().Format(time.RFC3339Nano)
}

// loginOf returns the login of a data source that has one.
func loginOf(source object) access.Login {
	login := access.Login{}
	secure, _ := source["secureJsonData"].(map[string]any)
	if password, given := secure["basicAuthPassword"]; given {
		login.User, login.Password = fmt.Sprint(source["basicAuthUser"]), access.Hide(fmt.Sprint(password))
	}
	return login
}
