const { compare } = await import("#lives");
for (const n of [100,200,400,800]) { const c = await compare(["ours","nothing"], n, 1, ()=>{}); const f=(r)=>["up","preview","refresh","destroy"].map(s=>r.steps[s][0].seconds.toFixed(1)+"/"+r.steps[s][0].nodeSeconds.toFixed(2)).join("  ");
console.log(n, "ours", f(c.ours), " nothing", f(c.nothing)); }
