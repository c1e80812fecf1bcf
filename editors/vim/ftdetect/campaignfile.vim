autocmd BufRead,BufNewFile Campaignfile,Campaignfile.*,*.Campaignfile setfiletype campaignfile
