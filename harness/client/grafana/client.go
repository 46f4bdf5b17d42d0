// Package grafana talks to a running Grafana: it installs data sources and
// dashboards, finds and removes them, and sends panels' queries through it. Package
// provisioning says what a dashboard shows without a Grafana.
package grafana

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	gapi "github.com/grafana/grafana-api-golang-client"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// Client talks to the Grafana at an address. This is the only file that uses
// grafana-api-golang-client, which its authors have archived in favour of
// grafana-openapi-client-go (its README).
type Client struct {
	addr  string
	login access.Login
}

// New returns a client of Grafana at addr (host:port). It logs in with a user,
// or with the token of a service account, which is the login's APIKey.
func New(addr string, login access.Login) *Client { return &Client{addr, login} }

// api returns the library's client for one call, because it takes no context.
func (c *Client) api(ctx context.Context) (*gapi.Client, error) {
	return gapi.New(dial.URL(c.login, c.addr), gapi.Config{Client: &http.Client{Transport: &transport{ctx, c.login}}})
}

// call makes one call. Its error says what was asked, and of whom.
func (c *Client) call(ctx context.Context, what string, do func(*gapi.Client) error) error {
	api, err := c.api(ctx)
	if err == nil {
		err = do(api)
	}
	return c.explain(what, err)
}

func (c *Client) explain(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s Grafana at %s: %w", what, c.addr, dial.Explain("grafana", c.addr, c.login, err))
}

// Health is Grafana's version and the state of its database.
type Health struct{ Version, Database string }

// Health asks whether Grafana works. A database that doesn't is an error.
func (c *Client) Health(ctx context.Context) (h Health, err error) {
	err = c.call(ctx, "ask for the health of", func(api *gapi.Client) error {
		answer, err := api.Health()
		h = Health{answer.Version, answer.Database}
		if err == nil && h.Database != "ok" {
			err = fmt.Errorf("its database is %q, not ok", h.Database)
		}
		return err
	})
	return h, err
}

// Found is a dashboard in Grafana.
type Found struct{ UID, Title, URL string }

// Search returns the dashboards whose titles contain these words.
func (c *Client) Search(ctx context.Context, words string) (list []Found, err error) {
	err = c.call(ctx, "search for dashboards in", func(api *gapi.Client) error {
		answer, err := api.FolderDashboardSearch(url.Values{"type": {"dash-db"}, "query": {words}})
		for _, a := range answer {
			list = append(list, Found{a.UID, a.Title, a.URL})
		}
		return err
	})
	return list, err
}

// Dashboard returns the JSON of a dashboard, decoded.
func (c *Client) Dashboard(ctx context.Context, uid string) (model map[string]any, err error) {
	err = c.call(ctx, fmt.Sprintf("ask for dashboard %q of", uid), func(api *gapi.Client) error {
		answer, err := api.DashboardByUID(uid)
		if err == nil {
			model = answer.Model
		}
		return err
	})
	return model, err
}

// putDashboard creates a dashboard or overwrites it.
func (c *Client) putDashboard(ctx context.Context, model map[string]any) error {
	return c.call(ctx, fmt.Sprintf("install dashboard %q in", model["uid"]), func(api *gapi.Client) error {
		_, err := api.NewDashboard(gapi.Dashboard{Model: model, Overwrite: true, Message: "installed by hoplab"})
		return err
	})
}

func (c *Client) removeDashboard(ctx context.Context, uid string) error {
	return c.call(ctx, fmt.Sprintf("remove dashboard %q from", uid), func(api *gapi.Client) error {
		return unlessGone(api.DeleteDashboardByUID(uid))
	})
}

// source is a data source to install.
type source struct {
	uid, name, url, index, timeField string
	login                            access.Login // Grafana's at Elasticsearch
}

// putSource creates a data source or overwrites the one with its uid.
func (c *Client) putSource(ctx context.Context, s source) error {
	return c.call(ctx, fmt.Sprintf("install data source %q in", s.uid), func(api *gapi.Client) error {
		wanted := s.model()
		found, err := api.DataSourceByUID(s.uid)
		if err == nil {
			wanted.ID, wanted.Version = found.ID, found.Version
			return api.UpdateDataSourceByUID(wanted)
		}
		if unlessGone(err) != nil {
			return err
		}
		_, err = api.NewDataSource(wanted)
		return err
	})
}

func (c *Client) removeSource(ctx context.Context, name string) error {
	return c.call(ctx, fmt.Sprintf("remove data source %q from", name), func(api *gapi.Client) error {
		return unlessGone(api.DeleteDataSourceByName(name))
	})
}

// model has Grafana's names for the login and the trusted certificates. Source: its
// manual, "Provision Grafana", JSON data and secure JSON data.
func (s source) model() *gapi.DataSource {
	data, secure := map[string]any{"index": s.index, "timeField": s.timeField}, map[string]any{}
	d := &gapi.DataSource{UID: s.uid, Name: s.name, Type: "elasticsearch", Access: "proxy", URL: s.url, JSONData: data, SecureJSONData: secure}
	switch {
	case !s.login.APIKey.Empty():
		data["httpHeaderName1"], secure["httpHeaderValue1"] = "Authorization", "ApiKey "+s.login.APIKey.Reveal()
	case s.login.User != "":
		d.BasicAuth, d.BasicAuthUser = true, s.login.User
		secure["basicAuthPassword"] = s.login.Password.Reveal()
	}
	if s.login.TLS.CA != "" {
		data["tlsAuthWithCACert"], secure["tlsCACert"] = true, s.login.TLS.CA
	}
	if s.login.TLS.Insecure {
		data["tlsSkipVerify"] = true
	}
	return d
}

func unlessGone(err error) error {
	if gone := (gapi.ErrNotFound{}); errors.As(err, &gone) {
		return nil
	}
	return err
}
