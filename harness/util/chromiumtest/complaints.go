package chromiumtest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// complaints are what a page must not do.
type complaints struct {
	allowed []string // beginnings of addresses
	mu      sync.Mutex
	list    []string
}

func (c *complaints) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

func (c *complaints) hear(event any) {
	var what string
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !c.allows(e.Request.URL) {
			what = "it asks for " + e.Request.URL
		}
	case *network.EventLoadingFailed:
		what = "a request failed: " + e.ErrorText
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			what = fmt.Sprintf("console.%s: %s", e.Type, e.Args[0].Value)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			what = "log: " + e.Entry.Text + " " + e.Entry.URL
		}
	}
	if what != "" {
		c.mu.Lock()
		c.list = append(c.list, what)
		c.mu.Unlock()
	}
}

func (c *complaints) allows(url string) bool {
	return slices.ContainsFunc(c.allowed, func(start string) bool { return strings.HasPrefix(url, start) })
}
