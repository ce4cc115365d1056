-- The hub page of a cited work: what it is to those who cite it, with shares, denominators and intervals, and who cites it.
-- Parameter $id: a work_id such as 'arxiv:2304.01373'; an id that was merged leads on.
SELECT
    s.hub_class, w.title, w.authors_text, w.year, s.hub_sentence, s.tier, s.citing_found, s.citing_with_context, s.contexts,
    s.classified_works, s.unclear_works, s.support_limit, s.is_contested, s.contested_reason, w.work_id,
    coalesce(w.abstract, d.text) AS abstract,
    (SELECT list({role: label, count: count, of: "of", share: share, low: low, high: high, left_out: left_out}
                 ORDER BY count DESC, label)
     FROM citation_breakdown WHERE work_id = w.work_id AND unit = 'work' AND dimension = 'role') AS roles,
    (SELECT list({polarity: label, count: count, of: "of", share: share, low: low, high: high, left_out: left_out}
                 ORDER BY count DESC, label)
     FROM citation_breakdown WHERE work_id = w.work_id AND unit = 'work' AND dimension = 'polarity') AS polarities,
    (SELECT list({year: label, count: count} ORDER BY label)
     FROM citation_breakdown WHERE work_id = w.work_id AND unit = 'work' AND dimension = 'year') AS years,
    (SELECT list({rank: representative_rank, title: p.title, takeaway: takeaway, basis: takeaway_basis, use: use_sentence,
                  role: main_role, reason: representative_reason} ORDER BY representative_rank)
     FROM citing_papers p WHERE cited_work_id = w.work_id AND is_representative) AS representative,
    (SELECT list({title: p.title, year: p.year, takeaway: takeaway, basis: takeaway_basis, use: use_sentence, role: main_role,
                  polarity: main_polarity, work_id: citing_work_id} ORDER BY p.year DESC NULLS LAST, p.title)
     FROM citing_papers p WHERE cited_work_id = w.work_id) AS explorer
FROM citation_summaries s JOIN works w USING (work_id) LEFT JOIN documents d USING (document_id)
WHERE w.work_id = coalesce((SELECT to_ids[1] FROM redirects WHERE kind = 'work' AND from_id = $id), $id);
