//! What a `robots.txt` allows (RFC 9309).

/// True when `agent` may ask for `path`. The group of the agent counts, else that
/// of everybody; of its rules the longest that fits, and of two as long the one
/// that allows. Text that is no such file allows nothing.
pub fn allows(robots: &str, agent: &str, path: &str) -> bool {
    let groups = groups(robots);
    if groups.is_empty() {
        return false;
    }
    let rules = of_agent(&groups, agent).flat_map(|group| &group.rules);
    let fitting = rules.filter(|rule| fits(&rule.pattern, path));
    fitting
        .max_by_key(|rule| (rule.pattern.len(), rule.allow))
        .is_none_or(|rule| rule.allow)
}

/// Seconds `agent` is asked to leave between two requests; not in the RFC, but
/// what sites write. The longest of its groups counts.
pub fn crawl_delay(robots: &str, agent: &str) -> Option<f64> {
    let groups = groups(robots);
    let delays = of_agent(&groups, agent).filter_map(|group| group.delay);
    delays.max_by(f64::total_cmp)
}

#[derive(Default)]
struct Group {
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<f64>,
}

/// The groups that name the agent, else those of everybody.
fn of_agent<'a>(groups: &'a [Group], agent: &str) -> impl Iterator<Item = &'a Group> {
    let agent = agent.to_ascii_lowercase();
    let named = groups.iter().any(|group| group.agents.contains(&agent));
    let name = if named { agent } else { "*".to_owned() };
    groups
        .iter()
        .filter(move |group| group.agents.contains(&name))
}

struct Rule {
    allow: bool,
    pattern: String,
}

fn groups(robots: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in robots.trim_start_matches('\u{feff}').lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "user-agent" => {
                let begun = groups
                    .last()
                    .is_some_and(|group| group.rules.is_empty() && group.delay.is_none());
                if !begun {
                    groups.push(Group::default());
                }
                if let Some(group) = groups.last_mut() {
                    group.agents.push(value.to_ascii_lowercase());
                }
            }
            rule @ ("allow" | "disallow") => {
                if let Some(group) = groups.last_mut() {
                    // An empty rule says nothing, but it ends the list of agents.
                    group.rules.push(Rule {
                        allow: rule == "allow" || value.is_empty(),
                        pattern: value.to_owned(),
                    });
                }
            }
            "crawl-delay" => {
                if let Some(group) = groups.last_mut() {
                    let said: Option<f64> = value.parse().ok();
                    let said = said.filter(|delay| delay.is_finite() && *delay >= 0.0);
                    group.delay = said.or(group.delay);
                }
            }
            _ => {}
        }
    }
    groups
}

/// True when the path begins with the pattern, in which `*` stands for any text
/// and a final `$` for the end.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, ends) = pattern
        .strip_suffix('$')
        .map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let open = parts.is_empty();
    for (at, part) in parts.iter().enumerate() {
        if ends && at + 1 == parts.len() {
            return rest.ends_with(part);
        }
        let Some(found) = rest.find(part) else {
            return false;
        };
        rest = &rest[found + part.len()..];
    }
    !(ends && open) || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{allows, crawl_delay};

    #[test]
    fn the_longest_rule_of_the_own_group_decides() {
        let robots = "User-agent: *\nDisallow: /api/\nAllow: /api/leaders/\n\n\
                      User-agent: Other\nUser-agent: afwd\nDisallow: /leaders # not these\n";
        assert!(allows(robots, "someone", "/api/leaders/x"));
        assert!(!allows(robots, "someone", "/api/prospects"));
        assert!(allows(robots, "AFWD", "/api/prospects"));
        assert!(!allows(robots, "afwd", "/leaders.aspx"));
    }

    #[test]
    fn wildcards_and_ends_are_read() {
        let robots = "User-agent: *\nDisallow: /*?*season=\nDisallow: /end$\nDisallow: /*.json$\n";
        assert!(!allows(robots, "afwd", "/api?level=1&season=2026"));
        assert!(!allows(robots, "afwd", "/end") && allows(robots, "afwd", "/endless"));
        assert!(!allows(robots, "afwd", "/a.json") && allows(robots, "afwd", "/a.jsonp"));
        assert!(allows("User-agent: *\nDisallow:\n", "afwd", "/x"));
        assert!(!allows("User-agent: *\nDisallow: /\n", "afwd", "/x"));
    }

    #[test]
    fn text_that_is_no_such_file_allows_nothing() {
        for robots in ["", "Please enable JavaScript", "Disallow: /x"] {
            assert!(!allows(robots, "afwd", "/api"), "{robots}");
        }
    }

    #[test]
    fn a_delay_counts_for_its_agents() {
        let robots = "User-agent: *\nCrawl-delay: 10\nUser-agent: slow\nCrawl-delay: 2.5\nDisallow: /x\nCrawl-delay: soon\n";
        assert_eq!(crawl_delay(robots, "afwd"), Some(10.0));
        assert_eq!(crawl_delay(robots, "slow"), Some(2.5));
        assert_eq!(crawl_delay("User-agent: *\nDisallow:\n", "afwd"), None);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(robots in any::<String>(), path in any::<String>()) {
            let _ = allows(&robots, "afwd", &path);
            let _ = allows(&format!("User-agent: *\nDisallow: {robots}"), "afwd", &path);
        }
    }
}
