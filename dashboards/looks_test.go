package dashboards

import "fmt"

// looks returns what Kibana's editor sets for a new chart of this kind, and what
// it needs to be read. Sources: metric_vis_type.ts, line.ts and histogram.ts of vis_types at 7.17
// of github.com/elastic/kibana.
func (f form) looks(c chart) object {
	if c.kind == "metric" {
		return object{"addTooltip": true, "addLegend": false, "type": "metric", "metric": object{
			"percentageMode": false, "useRanges": false, "colorSchema": "Green to Red", "metricColorMode": "None",
			"colorsRange": []object{{"from": 0, "to": 10000}}, "labels": object{"show": true}, "invertColors": false,
			"style": object{"bgFill": "#000", "bgColor": false, "labelColor": false, "subText": "", "fontSize": 20},
		}}
	}
	looks := object{
		"type": c.kind, "grid": object{"categoryLines": false}, "addTooltip": true, "detailedTooltip": true, "addLegend": true, "legendPosition": "right",
		"palette": object{"type": "palette", "name": "default"}, "fittingFunction": "linear", "truncateLegend": true, "maxLegendLines": 1,
		"times": []object{}, "addTimeMarker": false, "labels": object{"show": c.kind == "histogram"}, // the numbers of bars
		"thresholdLine": object{"show": false, "value": 10, "width": 1, "style": "full", "color": "#E7664C"},
		"categoryAxes":  []object{axis("CategoryAxis-1", "category", "bottom", object{})},
		"valueAxes":     []object{axis("ValueAxis-1", "value", "left", object{"text": c.values})},
		"seriesParams":  series(c),
	}
	if f.is8() {
		looks["legendSize"] = "auto" // as 8.3 migrates a chart of 7.17
	}
	return looks
}

// axis has level labels of which none covers another. Without rotate, labels that
// aren't of a time stand upright; those that overlap are left out with filter. Source:
// get_axis.ts of vis_types/xy.
func axis(id, kind, position string, title object) object {
	axis := object{
		"id": id, "type": kind, "position": position, "show": true, "style": object{}, "title": title,
		"scale": object{"type": "linear"}, "labels": object{"show": true, "rotate": 0, "filter": true, "truncate": 100},
	}
	if kind == "value" {
		axis["name"], axis["scale"] = "LeftAxis-1", object{"type": "linear", "mode": "normal"}
	}
	return axis
}

// series are lines without circles: there is a point for each second.
func series(c chart) (list []object) {
	mode := "normal"
	if c.kind == "histogram" {
		mode = "stacked"
	}
	for _, a := range c.aggs {
		if a["schema"] == "metric" {
			list = append(list, object{
				"show": true, "type": c.kind, "mode": mode, "data": object{"id": a["id"], "label": fmt.Sprint(a["type"])}, "valueAxis": "ValueAxis-1",
				"drawLinesBetweenPoints": true, "lineWidth": 2, "interpolate": "linear", "showCircles": c.id != "hoplab-over-time", "circlesRadius": 1,
			})
		}
	}
	return list
}
