package grafana

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// rowsID is the id of a count that is added to a query without one: a mean doesn't
// say how many rows it is of. A second count would be a second column of the same
// name, with which Grafana answers with nothing (10.1, 12.2) or 500 (12.7).
const rowsID = "90"

// Draw sends a panel's query through Grafana to its installed data source, and reads
// the data frames of the answer. Source: Grafana's
// manual, "Data source HTTP API", query a data source.
func (c *Client) Draw(ctx context.Context, files *provisioning.Provisioned, made Installed, p panel.Panel) (panel.Table, error) {
	target, err := files.Target(p)
	if err != nil {
		return nil, err
	}
	target["datasource"].(panel.Object)["uid"] = fmt.Sprint(target["datasource"].(panel.Object)["uid"], made.Target.Suffix)
	if layoutOf(p.Metrics).count == len(p.Metrics) {
		target["metrics"] = append(slices.Clone(target["metrics"].([]any)), panel.Object{"id": rowsID, "type": "count"})
	}
	target["alias"] = alias(p)
	target["intervalMs"], target["maxDataPoints"] = 1000, 1000
	answer, err := c.post(ctx, "/api/ds/query", panel.Object{
		"from": strconv.FormatInt(p.Range.From.UnixMilli(), 10), "to": strconv.FormatInt(p.Range.To.UnixMilli(), 10),
		"queries": []panel.Object{target},
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, c.explain("ask", err))
	}
	return readFrames(p, fmt.Sprint(target["refId"]), answer)
}

// post returns Grafana's answer, also if it has the error of a query and the status
// 400 or 500.
func (c *Client) post(ctx context.Context, path string, body any) ([]byte, error) {
	client := &http.Client{Transport: &transport{ctx, c.login}}
	answer, err := httpjson.Send(ctx, client, httpjson.Request{Method: http.MethodPost, URL: dial.URL(c.login, c.addr) + path, Body: body})
	if err != nil {
		return nil, err
	}
	if answer.Code != http.StatusOK && !bytes.Contains(answer.Body, []byte(`"results"`)) {
		return nil, fmt.Errorf("POST %s: %w", path, answer.Refusal())
	}
	return answer.Body, nil
}

// ComparePanels sends each panel's query through Grafana and compares the answer with
// the oracle. It returns the largest number of rows that a panel counted, and the
// differences.
func (c *Client) ComparePanels(ctx context.Context, files *provisioning.Provisioned, made Installed, oracle *wisdm.Oracle) (most int64, problems []string, err error) {
	for _, p := range files.Panels {
		table, err := c.Draw(ctx, files, made, p)
		if err != nil {
			return most, problems, err
		}
		differences, err := panel.Compare(p, table, oracle)
		if err != nil {
			return most, problems, err
		}
		problems = append(problems, differences...)
		var rows int64
		for _, point := range table {
			rows += point.Count
		}
		most = max(most, rows)
	}
	return most, problems, nil
}
