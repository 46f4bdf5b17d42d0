package grafana

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/server/access"
)

// Target says how to install files.
type Target struct {
	// Suffix ends the uids and names of what is installed. It separates them from
	// what Grafana was provisioned with, which can't be changed.
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

// maxUID is Grafana's limit for the length of a uid.
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
	}
	return made, nil
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
