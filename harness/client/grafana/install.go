package grafana

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/server/access"
)

// Target says how to install files.
type Target struct {
	// Suffix ends the uids and names of what is installed. It separates them from
	// what Grafana was provisioned with: its API can't change such a data source.
	Suffix string
	// URL is where Grafana reaches Elasticsearch, and Login is for that.
	URL   string
	Login access.Login
}

// Installed lists what Install has created.
type Installed struct {
	Target     Target
	Sources    []string // names
	Dashboards []string // uids
}

// maxUID is Grafana's limit for the length of a uid. Source: IsShortUIDTooLong in
// pkg/util/shortid_generator.go of grafana/grafana.
const maxUID = 40

// Install creates the data sources and the dashboards of files in Grafana, and
// overwrites those that it created before. What it returns must be removed, also
// after an error.
func (c *Client) Install(ctx context.Context, files *provisioning.Provisioned, to Target) (Installed, error) {
	made := Installed{Target: to}
	for _, s := range files.Sources {
		uid, err := to.uid(s.UID)
		if err != nil {
			return made, err
		}
		made.Sources = append(made.Sources, s.Name+to.Suffix)
		err = c.putSource(ctx, source{uid, s.Name + to.Suffix, to.URL, s.Index, s.TimeField, to.Login})
		if err != nil {
			return made, err
		}
	}
	for _, d := range files.Dashboards {
		uid, err := to.uid(d.UID)
		if err != nil {
			return made, err
		}
		model, err := to.retarget(d, files.Sources)
		if err != nil {
			return made, err
		}
		made.Dashboards = append(made.Dashboards, uid)
		if err := c.putDashboard(ctx, model); err != nil {
			return made, err
		}
		kept, err := c.Dashboard(ctx, uid)
		if err == nil {
			err = changed(model, kept)
		}
		if err != nil {
			return made, fmt.Errorf("read back dashboard %q from Grafana at %s: %w", uid, c.addr, err)
		}
	}
	return made, nil
}

// changed reports the first panel whose queries Grafana hasn't kept as they were sent.
func changed(sent, kept map[string]any) error {
	have := queries(kept["panels"])
	for id, want := range queries(sent["panels"]) {
		if have[id] != want {
			return fmt.Errorf("it has changed the queries of panel %s: it was sent %.300s, and keeps %.300s", id, want, cmp.Or(have[id], "nothing"))
		}
	}
	return nil
}

// queries returns what each panel asks for, by its id.
func queries(panels any) map[string]string {
	all := map[string]string{}
	list, _ := panels.([]any)
	for _, p := range list {
		p, _ := p.(map[string]any)
		maps.Copy(all, queries(p["panels"]))
		targets, _ := p["targets"].([]any)
		var asked []any
		for _, t := range targets {
			t, _ := t.(map[string]any)
			asked = append(asked, []any{t["refId"], t["query"], t["metrics"], t["bucketAggs"]})
		}
		if text, err := json.Marshal(asked); err == nil && len(asked) > 0 {
			all[fmt.Sprint(p["id"])] = string(text)
		}
	}
	return all
}

func (t Target) uid(of string) (string, error) {
	uid := of + t.Suffix
	if len(uid) > maxUID {
		return "", fmt.Errorf("install %q in Grafana: the uid %q is longer than the %d letters that Grafana accepts; shorten the suffix", of, uid, maxUID)
	}
	return uid, nil
}

// retarget returns a dashboard's JSON with the target's data sources and time range.
// The id is left out, because each Grafana has its own.
func (t Target) retarget(d provisioning.Dashboard, sources []provisioning.Source) (map[string]any, error) {
	var model map[string]any
	decoder := json.NewDecoder(bytes.NewReader(d.JSON))
	decoder.UseNumber()
	if err := decoder.Decode(&model); err != nil {
		return nil, fmt.Errorf("%s: %w", d.File, err)
	}
	known := map[string]bool{}
	for _, s := range sources {
		known[s.UID], known[s.Name] = true, true
	}
	t.replaceSources(model, known)
	delete(model, "id")
	model["uid"], model["title"] = d.UID+t.Suffix, d.Title+t.Suffix
	model["time"] = panel.Object{"from": d.Range.From.Format(time.RFC3339Nano), "to": d.Range.To.Format(time.RFC3339Nano)}
	return model, nil
}

// replaceSources changes each {"datasource": {"uid": …}} and {"datasource": "name"} at
// any depth.
func (t Target) replaceSources(in any, known map[string]bool) {
	switch v := in.(type) {
	case map[string]any:
		if name, is := v["datasource"].(string); is && known[name] {
			v["datasource"] = name + t.Suffix
		}
		if ref, is := v["datasource"].(map[string]any); is {
			if uid, is := ref["uid"].(string); is && known[uid] {
				ref["uid"] = uid + t.Suffix
			}
		}
		for _, inner := range v {
			t.replaceSources(inner, known)
		}
	case []any:
		for _, inner := range v {
			t.replaceSources(inner, known)
		}
	}
}

// Remove removes what Install has created. It isn't an error if it is already gone.
func (c *Client) Remove(ctx context.Context, made Installed) error {
	var errs []error
	for _, uid := range made.Dashboards {
		errs = append(errs, c.removeDashboard(ctx, uid))
	}
	for _, name := range made.Sources {
		errs = append(errs, c.removeSource(ctx, name))
	}
	return errors.Join(errs...)
}
